/** How the usual kinds of file begin, in base64. */
const beginnings: [string, string][] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['JVBERi0', 'application/pdf'],
  ['SUQz', 'audio/mpeg'],
  ['T2dnUw', 'audio/ogg'],
]

const endings: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  txt: 'text/plain',
}

/** Gemini insists on a type; clients do not always name one. */
export function typeOfData(base64: string): string {
  const found = beginnings.find(([start]) => base64.startsWith(start))
  if (found) return found[1]
  if (!base64.startsWith('UklGR')) return 'application/octet-stream'
  // RIFF: bytes 8 to 11 name the kind.
  const kind = Buffer.from(base64.slice(0, 16), 'base64').toString('latin1', 8, 12)
  return kind === 'WEBP' ? 'image/webp' : 'audio/wav'
}

export function typeOfUrl(url: string): string | undefined {
  const ending = /\.([a-z\d]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase()
  return ending !== undefined && Object.hasOwn(endings, ending) ? endings[ending] : undefined
}
