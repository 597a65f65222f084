/** What a library for the system's keychain does for us: plain entries of at most `largestEntry` bytes, by name. */
export interface KeychainBackend {
  get(entry: string): Promise<string | undefined>
  set(entry: string, value: string): Promise<void>
  /** False when there was none. */
  delete(entry: string): Promise<boolean>
}
