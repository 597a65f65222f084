// The preload script's side of Electron: require('electron') with ipcRenderer and contextBridge, over a binding of the
// debugging protocol that only the isolated world has.
function standinPreload(world, send) {
  const { encode, decode } = standinValues()
  const calls = new Map()
  const listeners = new Map()
  let count = 0
  const heard = (channel) => {
    if (!listeners.has(channel)) listeners.set(channel, [])
    return listeners.get(channel)
  }

  const ipcRenderer = {
    invoke: (channel, ...given) =>
      new Promise((resolve, reject) => {
        const message = { type: 'invoke', id: ++count, channel, given: given.map(encode) }
        calls.set(message.id, { resolve, reject, channel })
        send(JSON.stringify(message))
      }),
    on(channel, listener) {
      heard(channel).push(listener)
      return ipcRenderer
    },
    off(channel, listener) {
      const all = heard(channel)
      if (all.includes(listener)) all.splice(all.indexOf(listener), 1)
      return ipcRenderer
    },
  }
  globalThis.standinOpen = (url) => send(JSON.stringify({ type: 'open', url }))
  globalThis.standinIpc = {
    reply(id, error, value) {
      const { resolve, reject, channel } = calls.get(id)
      calls.delete(id)
      if (error === null) resolve(decode(value))
      else reject(new Error(`Error invoking remote method '${channel}': ${error}`))
    },
    event(channel, given) {
      for (const listener of [...heard(channel)]) listener({ sender: ipcRenderer }, ...given.map(decode))
    },
  }
  const electron = {
    ipcRenderer,
    contextBridge: { exposeInMainWorld: (name, value) => world.expose(name, value) },
  }
  return (id) => {
    if (id === 'electron') return electron
    throw new Error(`module not found: ${id}`)
  }
}
