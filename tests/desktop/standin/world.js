// Runs in the page's own world and in the preload's isolated one. They share nothing but the DOM: events carrying strings,
// which are dispatched synchronously, so that a function of one world can be called from the other.
function standinWorld(token, me, other) {
  const functions = new Map()
  const promises = new Map()
  const queue = []
  let count = 0
  let returned
  let connected = false

  const post = (message) => window.dispatchEvent(new CustomEvent(token + other, { detail: JSON.stringify(message) }))

  const { encode, decode } = standinValues({
    keep(value) {
      const id = me + ++count
      functions.set(id, value)
      return id
    },
    await(promise) {
      const id = me + ++count
      promise.then(
        (value) => post({ type: 'settled', id, value: encode(value) }),
        (reason) => post({ type: 'settled', id, rejected: true, value: encode(reason) }),
      )
      return id
    },
    proxy:
      (id) =>
      (...given) => {
        post({ type: 'call', id, given: given.map(encode) })
        const { value, thrown } = returned
        if (thrown) throw decode(thrown)
        return decode(value)
      },
    awaited: (id) => new Promise((resolve, reject) => promises.set(id, { resolve, reject })),
  })

  const deepFreeze = (value) => {
    if (value === null || typeof value !== 'object') return value
    Object.values(value).forEach(deepFreeze)
    return Object.freeze(value)
  }

  const on = {
    call({ id, given }) {
      try {
        post({ type: 'returned', value: encode(functions.get(id)(...given.map(decode))) })
      } catch (thrown) {
        post({ type: 'returned', thrown: encode(thrown) })
      }
    },
    returned(message) {
      returned = message
    },
    settled({ id, rejected, value }) {
      const { resolve, reject } = promises.get(id)
      promises.delete(id)
      if (rejected) reject(decode(value))
      else resolve(decode(value))
    },
    hello() {
      if (connected) return
      connected = true
      post({ type: 'hello' })
      for (const message of queue.splice(0)) post(message)
    },
    open({ url }) {
      globalThis.standinOpen?.(url)
    },
    expose({ name, value }) {
      Object.defineProperty(window, name, { value: deepFreeze(decode(value)), enumerable: true })
    },
  }
  window.addEventListener(
    token + me,
    (event) => {
      event.stopImmediatePropagation()
      const message = JSON.parse(event.detail)
      on[message.type](message)
    },
    true,
  )
  post({ type: 'hello' })
  return {
    expose: (name, value) => send({ type: 'expose', name, value: encode(value) }),
    open: (url) => send({ type: 'open', url }),
  }

  function send(message) {
    if (connected) post(message)
    else queue.push(message)
  }
}
