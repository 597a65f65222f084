export interface SignatureStore {
  /** Keeps the signature that came with a tool call. */
  remember(call: { id: string; name: string }, signature: string): void
  /** The signature of a call; undefined when unknown, too old, or kept under another tool's name. */
  recall(call: { id: string; name: string }): string | undefined
}

export interface SignatureStoreOptions {
  maxEntries?: number
  /** Of ids, names and signatures together. */
  maxBytes?: number
  ttlMs?: number
  now(): number
}

interface Entry {
  name: string
  signature: string
  size: number
  until: number
}

/**
 * Gemini wants its thought signatures back, and clients of other protocols do not carry them. So they are
 * kept here by call id, in memory only, the least recently used leaving first.
 */
export function createSignatureStore({
  maxEntries = 10_000,
  maxBytes = 32 * 1024 * 1024,
  ttlMs = 24 * 60 * 60 * 1000,
  now,
}: SignatureStoreOptions): SignatureStore {
  const entries = new Map<string, Entry>()
  let bytes = 0

  const forget = (id: string) => {
    bytes -= entries.get(id)?.size ?? 0
    entries.delete(id)
  }

  return {
    remember({ id, name }, signature) {
      const size = id.length + name.length + signature.length
      if (id === '' || signature === '' || size > maxBytes) return
      forget(id)
      entries.set(id, { name, signature, size, until: now() + ttlMs })
      bytes += size
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries && bytes <= maxBytes) break
        forget(oldest)
      }
    },
    recall({ id, name }) {
      const entry = entries.get(id)
      if (!entry || entry.name !== name) return undefined
      if (entry.until <= now()) {
        forget(id)
        return undefined
      }
      entries.delete(id)
      entries.set(id, entry)
      return entry.signature
    },
  }
}
