import { GatewayError } from '../../model/error.ts'
import type { JsonObject } from '../../model/json.ts'
import type { MediaPart } from '../../model/request.ts'

export interface MediaPlace {
  /** The user attached it to what is to be answered now: what cannot be sent is refused, not left out. */
  asked: boolean
  /** Where it would go, for words. */
  target: string
  dropped: { what: string; because: string }[]
}

/** A media part as Chat takes it: image, wav or mp3 sound, PDF, or text. Everything else is refused or described. */
export function encodeMedia(part: MediaPart, place: MediaPlace): JsonObject {
  const mimeType = part.mimeType.split(';')[0]!.trim().toLowerCase() || sniff(part.data)
  const kind = mimeType.split('/')[0]
  const { data, url } = part
  if (kind === 'image' || (mimeType === '' && url && /^https?:/i.test(url))) {
    if (data === undefined && !isPublic(url)) return refuse(part, mimeType, place)
    const link = data === undefined ? url! : `data:${mimeType};base64,${data}`
    return { type: 'image_url', image_url: { url: link, ...(part.detail && { detail: part.detail }) } }
  }
  const format = kind === 'audio' ? soundFormat(mimeType) : undefined
  if (data !== undefined && format) return { type: 'input_audio', input_audio: { data, format } }
  if (data !== undefined && mimeType === 'application/pdf') {
    return {
      type: 'file',
      file: { filename: part.name ?? 'document.pdf', file_data: `data:application/pdf;base64,${data}` },
    }
  }
  if (data !== undefined && isText(mimeType)) {
    const text = Buffer.from(data, 'base64').toString('utf8')
    return { type: 'text', text: part.name ? `${part.name}:\n${text}` : text }
  }
  return refuse(part, mimeType, place)
}

function refuse(part: MediaPart, mimeType: string, place: MediaPlace): JsonObject {
  const what = `${mimeType || 'media of an unknown type'}${part.data === undefined ? ' by reference' : ''}`
  if (place.asked) {
    throw new GatewayError(
      'unsupported',
      `${place.target} cannot be sent ${what}: its protocol has no form for it. Send the bytes of an image, a PDF, wav or mp3, or choose a Gemini backend.`,
      { target: place.target },
    )
  }
  place.dropped.push({ what, because: 'the protocol has no form for it' })
  return { type: 'text', text: `[Attachment left out: ${what} cannot be sent to this model.]` }
}

function soundFormat(mimeType: string): 'wav' | 'mp3' | undefined {
  switch (mimeType) {
    case 'audio/wav':
    case 'audio/wave':
    case 'audio/x-wav':
    case 'audio/vnd.wave':
      return 'wav'
    case 'audio/mp3':
    case 'audio/mpeg':
    case 'audio/mpeg3':
    case 'audio/x-mp3':
      return 'mp3'
    default:
      return undefined
  }
}

function isText(mimeType: string): boolean {
  if (mimeType.startsWith('text/')) return true
  return /^application\/(json|xml|yaml|x-yaml|javascript|typescript|x-sh|toml|sql)$|\+(json|xml)$/.test(mimeType)
}

/** Files kept at one provider mean nothing to another. */
function isPublic(url: string | undefined): boolean {
  return url !== undefined && /^https?:/i.test(url) && !url.startsWith('https://generativelanguage.googleapis.com/')
}

/** What base64 begins with, for clients that name no type. */
function sniff(data: string | undefined): string {
  if (!data) return ''
  if (data.startsWith('iVBORw0KGgo')) return 'image/png'
  if (data.startsWith('/9j/')) return 'image/jpeg'
  if (data.startsWith('R0lGOD')) return 'image/gif'
  if (data.startsWith('JVBERi0')) return 'application/pdf'
  if (data.startsWith('SUQz')) return 'audio/mpeg'
  if (data.startsWith('UklGR')) {
    return Buffer.from(data.slice(0, 16), 'base64').toString('latin1', 8, 12) === 'WEBP' ? 'image/webp' : 'audio/wav'
  }
  return ''
}
