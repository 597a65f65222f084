import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import type { MediaPart, Part } from '../../model/request.ts'
import { readArgumentsKept } from './call-arguments.ts'
import { badRequest, numberOf, objectOf, textOf, wordOf } from './wire.ts'

/** A part of a message, or one of the Anthropic-shaped blocks some clients put into Chat messages. */
export type ContentItem =
  | Part
  | { type: 'call-block'; id: string | undefined; name: string; args: JsonObject }
  | { type: 'result-block'; id: string | undefined; content: Json | undefined; isError: boolean }

/** `content` in all its forms: absent, a text, a list of parts. Empty texts say nothing and are left out. */
export function decodeContent(content: Json | undefined, path: string): ContentItem[] {
  if (content === undefined || content === null || content === '') return []
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (isObject(content)) return decodePart(content, path)
  if (!Array.isArray(content)) throw badRequest(path, 'must be a text or a list of parts')
  return content.flatMap((item, index) => {
    if (typeof item === 'string') return item === '' ? [] : [{ type: 'text' as const, text: item }]
    if (!isObject(item)) throw badRequest(`${path}[${index}]`, 'must be a content part')
    return decodePart(item, `${path}[${index}]`)
  })
}

function decodePart(part: JsonObject, path: string): ContentItem[] {
  switch (part.type) {
    case undefined:
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'refusal': {
      const text = textOf(part.type === 'refusal' ? part.refusal : part.text)
      if (text === undefined) throw badRequest(`${path}.text`, 'must be a text')
      return text === '' ? [] : [{ type: 'text', text }]
    }
    case 'image_url':
    case 'input_image':
    case 'video_url': {
      const value = part.type === 'video_url' ? part.video_url : part.image_url
      const url = wordOf(value) ?? wordOf(objectOf(value)?.url)
      if (!url) throw badRequest(`${path}.${part.type === 'video_url' ? 'video_url' : 'image_url'}`, 'must name a URL')
      const detail = wordOf(objectOf(value)?.detail) ?? wordOf(part.detail)
      return [{ ...mediaFrom(url, part.type === 'video_url' ? 'video/mp4' : ''), ...(detail && { detail }) }]
    }
    case 'input_audio': {
      const data = wordOf(objectOf(part.input_audio)?.data)
      if (!data) throw badRequest(`${path}.input_audio`, 'must hold data and format')
      const format = wordOf(objectOf(part.input_audio)?.format)?.toLowerCase() ?? 'wav'
      return [{ type: 'media', mimeType: `audio/${format}`, data }]
    }
    case 'file':
    case 'input_file': {
      const file = objectOf(part.file) ?? part
      const name = wordOf(file.filename)
      const source = wordOf(file.file_data) ?? wordOf(file.file_url)
      if (source) return [{ ...mediaFrom(source, 'application/pdf'), ...(name && { name }) }]
      return [{ type: 'opaque', protocol: 'openai-chat', value: part, text: `[File ${name ?? ''} kept elsewhere]` }]
    }
    case 'image':
    case 'document':
      return decodeSource(part, path)
    case 'thinking': {
      const text = textOf(part.thinking) ?? ''
      const signature = wordOf(part.signature)
      return [
        {
          type: 'reasoning',
          text,
          ...(signature && { signature: { protocol: 'anthropic-messages', value: signature } }),
        },
      ]
    }
    case 'redacted_thinking':
      return [{ type: 'opaque', protocol: 'anthropic-messages', value: part }]
    case 'tool_use': {
      const name = wordOf(part.name)
      if (!name) throw badRequest(`${path}.name`, 'must name the tool')
      return [{ type: 'call-block', id: wordOf(part.id), name, args: readArgumentsKept(part.input) }]
    }
    case 'tool_result':
      return [
        {
          type: 'result-block',
          id: wordOf(part.tool_use_id) ?? wordOf(part.tool_call_id),
          content: part.content,
          isError: part.is_error === true,
        },
      ]
    default:
      return [{ type: 'opaque', protocol: 'openai-chat', value: part }]
  }
}

/** Anthropic's way of naming bytes. */
function decodeSource(part: JsonObject, path: string): ContentItem[] {
  const source = objectOf(part.source)
  const url = wordOf(source?.url)
  const data = wordOf(source?.data)
  const mimeType = wordOf(source?.media_type) ?? (part.type === 'document' ? 'application/pdf' : '')
  const name = wordOf(part.title)
  if (source?.type === 'text' && data) return [{ type: 'text', text: data }]
  if (data) return [{ type: 'media', mimeType, data, ...(name && { name }) }]
  if (url) return [{ ...mediaFrom(url, mimeType), ...(name && { name }) }]
  throw badRequest(`${path}.source`, 'must hold data or a URL')
}

/** A data URL becomes bytes; any other stays a reference. `mimeType` is what it is when it does not say. */
export function mediaFrom(url: string, mimeType: string): MediaPart {
  if (!/^data:/i.test(url.slice(0, 5))) {
    return /^[a-z][a-z0-9+.-]*:/i.test(url.slice(0, 16))
      ? { type: 'media', mimeType, url }
      : { type: 'media', mimeType, data: url }
  }
  const comma = url.indexOf(',')
  const head = comma < 0 ? '' : url.slice(5, comma)
  const [type = '', ...parameters] = head.split(';').map((piece) => piece.trim())
  const rest = comma < 0 ? url.slice(5) : url.slice(comma + 1)
  const isBase64 = comma < 0 || parameters.some((parameter) => parameter.toLowerCase() === 'base64')
  const data = isBase64 ? rest : Buffer.from(percentDecoded(rest)).toString('base64')
  return { type: 'media', mimeType: type.toLowerCase() || mimeType, data }
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray percent sign: the text was never encoded.
    return text
  }
}

/** What a tool said: its words, and what it showed. */
export function decodeResult(content: Json | undefined, path: string): { value: Json; media: MediaPart[] } {
  if (isObject(content)) return { value: content, media: [] }
  if (typeof content === 'boolean' || numberOf(content) !== undefined) return { value: String(content), media: [] }
  const texts: string[] = []
  const media: MediaPart[] = []
  for (const item of decodeContent(content, path)) {
    if (item.type === 'text') texts.push(item.text)
    else if (item.type === 'media') media.push(item)
    else if (item.type === 'opaque') texts.push(item.text ?? JSON.stringify(item.value))
  }
  return { value: texts.join('\n'), media }
}
