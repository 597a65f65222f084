import type { WebContents } from './web-contents.ts'

type Handler = (event: { sender: WebContents; senderFrame: Frame }, ...given: unknown[]) => unknown
export interface Frame {
  url: string
  parent: null
}

const handlers = new Map<string, Handler>()

export const ipcMain = {
  handle(channel: string, handler: Handler): void {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    handlers.set(channel, handler)
  },
  removeHandler: (channel: string): void => void handlers.delete(channel),
}

export async function invoke(channel: string, sender: WebContents, given: unknown[]): Promise<unknown> {
  const handler = handlers.get(channel)
  if (!handler) throw new Error(`No handler registered for '${channel}'`)
  return handler({ sender, senderFrame: sender.mainFrame }, ...given)
}
