import { estimateText } from './text-tokens.ts'

/** Below this the sampling would cost more than a better figure is worth. */
const smallBytes = 8 * 1024
const mostProbes = 1024
const probeBytes = 64
const mostWindows = 24
const windowBytes = 384
/** What an image costs, whatever its size in bytes. */
export const tokensPerMedia = 258

/**
 * Tokens in a JSON body, estimated without parsing it: probes across the body tell base64 from text, and
 * a few windows of the text tell how dense it is. Media therefore never counts as text.
 */
export function estimateBody(body: Buffer): number {
  if (body.length <= smallBytes) return Math.ceil(body.length / 4)
  const stride = Math.max(windowBytes, Math.ceil(body.length / mostProbes))
  const text: number[] = []
  let probes = 0
  let runs = 0
  let inMedia = false
  for (let at = 0; at < body.length; at += stride) {
    probes += 1
    const media = isBase64(body, at)
    if (media && !inMedia) runs += 1
    if (!media) text.push(at)
    inMedia = media
  }
  const textBytes = (body.length * text.length) / probes
  return Math.ceil(textBytes * density(body, text) + runs * tokensPerMedia)
}

/** Tokens a byte in evenly chosen windows. */
function density(body: Buffer, starts: readonly number[]): number {
  const windows = Math.min(mostWindows, starts.length)
  let bytes = 0
  let tokens = 0
  for (let index = 0; index < windows; index += 1) {
    const from = startOfCharacter(body, starts[Math.floor((index * starts.length) / windows)]!)
    const to = startOfCharacter(body, Math.min(body.length, from + windowBytes))
    bytes += to - from
    tokens += estimateText(unescaped(body.toString('utf8', from, to)))
  }
  return bytes === 0 ? 0 : tokens / bytes
}

/** The text behind JSON's escapes; the sample is small, so this is cheap whatever the body. */
function unescaped(sample: string): string {
  if (!sample.includes('\\')) return sample
  return sample.replace(/\\(?:u([0-9a-fA-F]{4})|([ntr])|(.))/g, (_, hex, white, other) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    return white === undefined ? other : white === 't' ? '\t' : '\n'
  })
}

function startOfCharacter(body: Buffer, at: number): number {
  let start = at
  while (start < body.length && (body[start]! & 0xc0) === 0x80) start += 1
  return start
}

const inBase64 = Uint8Array.from({ length: 256 }, (_, code) =>
  Number(/[A-Za-z0-9+/=_-]/.test(String.fromCharCode(code))),
)

function isBase64(body: Buffer, from: number): boolean {
  const to = from + probeBytes
  if (to > body.length) return false
  for (let at = from; at < to; at += 1) {
    if (inBase64[body[at]!] === 1) continue
    // Some clients write `\/` for a slash.
    if (body[at] !== 0x5c || body[at + 1] !== 0x2f) return false
  }
  return true
}
