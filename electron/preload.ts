import { contextBridge, ipcRenderer } from 'electron'

/** All the window sees of this program. Answers and pushes travel as JSON, checked and redacted on the other side. */
contextBridge.exposeInMainWorld('patchbay', {
  /** Rejects with `{ message, status, path?, problems? }`: of an Error only its message would come across. */
  async call(name: string, input: unknown): Promise<unknown> {
    const { answer, status, refusal } = await ipcRenderer.invoke('patchbay:call', name, input)
    if (refusal !== undefined) throw { ...JSON.parse(refusal).error, status }
    return JSON.parse(answer)
  },
  /** What the window speaks, the tray speaks too. */
  async language(language: string): Promise<void> {
    await ipcRenderer.invoke('patchbay:language', language)
  },
  /** Returns what ends the listening. */
  on(listener: (name: string, value: unknown) => void): () => void {
    const heard = (_event: unknown, name: string, json: string): void => listener(name, JSON.parse(json))
    ipcRenderer.on('patchbay:push', heard)
    return () => void ipcRenderer.off('patchbay:push', heard)
  },
})
