import { type BoundedStoreOptions, createBoundedStore } from '../../model/bounded-store.ts'

export interface SignatureStore {
  /** Keeps the signature that came with a tool call. */
  remember(call: { id: string; name: string }, signature: string): void
  /** The signature of a call; undefined when unknown, too old, or kept under another tool's name. */
  recall(call: { id: string; name: string }): string | undefined
}

export type SignatureStoreOptions = Partial<BoundedStoreOptions> & Pick<BoundedStoreOptions, 'now'>

/**
 * Gemini wants its thought signatures back, and clients of other protocols do not carry them. So they are
 * kept here by call id.
 */
export function createSignatureStore({
  maxEntries = 10_000,
  maxBytes = 32 * 1024 * 1024,
  ttlMs = 24 * 60 * 60 * 1000,
  now,
}: SignatureStoreOptions): SignatureStore {
  const store = createBoundedStore<{ name: string; signature: string }>({ maxEntries, maxBytes, ttlMs, now })
  return {
    remember({ id, name }, signature) {
      if (id === '' || signature === '') return
      store.set(id, { name, signature }, id.length + name.length + signature.length)
    },
    recall({ id, name }) {
      const kept = store.get(id)
      return kept?.name === name ? kept.signature : undefined
    },
  }
}
