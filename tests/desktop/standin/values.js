// Values as strings: what may cross between worlds and processes. `special` knows what a function or a promise becomes;
// without it they are refused as the structured clone refuses them. Runs in pages and in Node, so it stands alone.
function standinValues(special) {
  const encode = (value) => {
    if (value === undefined) return { $: 'undefined' }
    if (value === null || typeof value !== 'object') {
      if (typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint') return value
      if (typeof value === 'function' && special) return { $: 'function', id: special.keep(value) }
      throw new Error('An object could not be cloned.')
    }
    if (value instanceof Promise) {
      if (special) return { $: 'promise', id: special.await(value) }
      throw new Error('An object could not be cloned.')
    }
    // of an error only the message crosses
    if (value instanceof Error) return { $: 'error', message: value.message }
    if (Array.isArray(value)) return value.map(encode)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, encode(one)]))
  }
  const decode = (value) => {
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return value.map(decode)
    switch (value.$) {
      case 'undefined':
        return undefined
      case 'error':
        return new Error(value.message)
      case 'function':
        return special.proxy(value.id)
      case 'promise':
        return special.awaited(value.id)
      default:
        return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, decode(one)]))
    }
  }
  return { encode, decode }
}
