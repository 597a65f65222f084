import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import type { MediaPart, Message, OpaquePart, Part, Signature, TextPart } from '../../model/request.ts'
import { pairTools } from './pair-tools.ts'
import { field, readList, readObject, readString, signaturePlaceholder, wrongType } from './wire.ts'

/** How Code Assist clients write old thoughts into their history. */
const thoughtMark = /\n?\[Thought: true\]\s*$/

const roles: Record<string, Message['role']> = {
  user: 'user',
  function: 'user',
  tool: 'user',
  model: 'assistant',
  assistant: 'assistant',
  system: 'system',
}

export function decodeContents(root: JsonObject): Message[] {
  const messages = readList(root, 'contents', '').map((content, index) => decodeContent(content, `contents[${index}]`))
  if (messages.length === 0) throw wrongType('contents', 'at least one content', undefined)
  pairTools(messages)
  return messages.filter((message) => message.parts.length > 0)
}

function decodeContent(content: Json, path: string): Message {
  if (!isObject(content)) throw wrongType(path, 'an object', content)
  const name = readString(content, 'role', path)?.toLowerCase() || 'user'
  const role = Object.hasOwn(roles, name) ? roles[name] : undefined
  if (!role) throw wrongType(`${path}.role`, 'user or model', name)
  const parts: Part[] = []
  readList(content, 'parts', path).forEach((part, index) => {
    const decoded = decodePart(part, `${path}.parts[${index}]`, role)
    if (decoded) parts.push(decoded)
  })
  return { role, parts }
}

/** systemInstruction as a Content, a list of parts, one part, or plain text. */
export function decodeSystem(root: JsonObject): TextPart[] {
  const value = field(root, 'systemInstruction')
  if (value === undefined) return []
  if (typeof value === 'string') return value === '' ? [] : [{ type: 'text', text: value }]
  const parts = Array.isArray(value)
    ? value
    : isObject(value)
      ? field(value, 'parts') === undefined
        ? [value]
        : readList(value, 'parts', 'systemInstruction')
      : undefined
  if (!parts) throw wrongType('systemInstruction', 'a content, a list of parts or a string', value)
  return parts.flatMap((part, index): TextPart[] => {
    if (typeof part === 'string') return part === '' ? [] : [{ type: 'text', text: part }]
    const path = `systemInstruction.parts[${index}]`
    if (!isObject(part)) throw wrongType(path, 'an object', part)
    const text = readString(part, 'text', path)
    return text ? [{ type: 'text', text }] : []
  })
}

function decodePart(part: Json, path: string, role: Message['role']): Part | undefined {
  if (!isObject(part)) throw wrongType(path, 'an object', part)
  const text = readString(part, 'text', path)
  if (text !== undefined) return textPart(text, part, role)
  const call = readObject(part, 'functionCall', path)
  if (call) {
    return {
      type: 'tool-call',
      id: readString(call, 'id', `${path}.functionCall`) ?? '',
      name: readString(call, 'name', `${path}.functionCall`) ?? '',
      args: readObject(call, 'args', `${path}.functionCall`) ?? {},
      ...signed(part),
    }
  }
  const response = readObject(part, 'functionResponse', path)
  if (response) return toolResult(response, `${path}.functionResponse`)
  return mediaPart(part, path) ?? opaquePart(part)
}

function textPart(text: string, part: JsonObject, role: Message['role']): Part | undefined {
  const signature = signed(part)
  if (field(part, 'thought') === true) return { type: 'reasoning', text, ...signature }
  if (role === 'assistant' && thoughtMark.test(text)) return { type: 'reasoning', text: text.replace(thoughtMark, '') }
  return text === '' && !signature.signature ? undefined : { type: 'text', text, ...signature }
}

function signed(part: JsonObject): { signature?: Signature } {
  const value = field(part, 'thoughtSignature')
  if (typeof value !== 'string' || value === '' || value === signaturePlaceholder) return {}
  return { signature: { protocol: 'gemini-chat', value } }
}

function toolResult(response: JsonObject, path: string): Part {
  const value = field(response, 'response') ?? {}
  const media = readList(response, 'parts', path).flatMap((part, index) => {
    const decoded = isObject(part) ? mediaPart(part, `${path}.parts[${index}]`) : undefined
    return decoded ? [decoded] : []
  })
  return {
    type: 'tool-result',
    id: readString(response, 'id', path) ?? '',
    name: readString(response, 'name', path) ?? '',
    value,
    ...(isObject(value) && value.error !== undefined && value.output === undefined ? { isError: true } : {}),
    ...(media.length > 0 ? { media } : {}),
  }
}

function mediaPart(part: JsonObject, path: string): MediaPart | undefined {
  const bytes = readObject(part, 'inlineData', path)
  if (bytes) {
    const name = readString(bytes, 'displayName', `${path}.inlineData`)
    return {
      type: 'media',
      mimeType: readString(bytes, 'mimeType', `${path}.inlineData`) ?? '',
      data: readString(bytes, 'data', `${path}.inlineData`) ?? '',
      ...(name ? { name } : {}),
    }
  }
  const file = readObject(part, 'fileData', path)
  if (!file) return undefined
  const name = readString(file, 'displayName', `${path}.fileData`)
  return {
    type: 'media',
    mimeType: readString(file, 'mimeType', `${path}.fileData`) ?? '',
    url: readString(file, 'fileUri', `${path}.fileData`) ?? '',
    ...(name ? { name } : {}),
  }
}

function opaquePart(part: JsonObject): OpaquePart | undefined {
  if (Object.values(part).every((value) => value === null || value === undefined)) return undefined
  const text = fencedText(part)
  return { type: 'opaque', protocol: 'gemini-chat', value: part, ...(text === undefined ? {} : { text }) }
}

/** Code that ran at Google, and what came of it, as other models may read it. */
export function fencedText(part: JsonObject): string | undefined {
  const code = field(part, 'executableCode')
  if (isObject(code) && typeof code.code === 'string') {
    const language = typeof code.language === 'string' ? code.language.toLowerCase() : ''
    return fenced(language === 'language_unspecified' ? '' : language, code.code)
  }
  const result = field(part, 'codeExecutionResult')
  return isObject(result) ? fenced('', typeof result.output === 'string' ? result.output : '') : undefined
}

function fenced(language: string, text: string): string {
  return `\n\`\`\`${language}\n${text.replace(/\n$/, '')}\n\`\`\`\n`
}
