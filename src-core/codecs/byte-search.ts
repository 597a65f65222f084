/** Words to search bytes for. As bytes themselves: to search for a string costs three times as much. */
export type Words = readonly Buffer[]

export const words = (...texts: string[]): Words => texts.map((text) => Buffer.from(text))

/** Whether one of the words stands somewhere at or after `from`. */
export function holdsOne(bytes: Buffer, searched: Words, from = 0): boolean {
  for (const word of searched) if (bytes.includes(word, from)) return true
  return false
}
