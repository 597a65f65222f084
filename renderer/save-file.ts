/** Hands a text to the browser as a file to keep. */
export function saveFile({ name, text, type }: { name: string; text: string; type: string }): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

/** `2026-11-26`, for the name of a file. */
export const today = (): string => new Date().toISOString().slice(0, 10)
