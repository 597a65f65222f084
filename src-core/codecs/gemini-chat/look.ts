import { GatewayError } from '../../model/error.ts'
import { isObject, type JsonObject } from '../../model/json.ts'
import type { Conversation, HelperCall, RequestSections, RequestTraits, Wire } from '../../model/request.ts'
import { words } from '../byte-search.ts'
import { type Peek, parseJson, peek } from '../json-body.ts'
import { requireModelName } from '../model-name.ts'
import { asksForThoughts } from './decode-generation.ts'
import { decodeConversation } from './decode-request.ts'
import { type GeminiPath, requireGeminiPath } from './path.ts'
import { field } from './wire.ts'

/** What is known of a wire after one scan, and shared by everything that deals with it. */
export interface Look {
  path: GeminiPath
  model: string
  /** The body's members. */
  body: Peek
  /** The request's own bytes: the body, or `request` inside Code Assist's envelope. */
  bytes: Buffer
  request: Peek
  wantsThoughts: boolean
  traits: RequestTraits
  sections(): RequestSections
  conversation(): Promise<Conversation>
}

/** Scans a wire once; later calls are free. */
export function lookAt(wire: Wire): Look {
  wire.scanned ??= scan(wire)
  return wire.scanned as Look
}

function scan(wire: Wire): Look {
  const path = requireGeminiPath(wire.path)
  const body = peek(wire.body)
  const wrapped = wire.envelope === 'code-assist'
  const span = wrapped ? body.span('request') : undefined
  if (wrapped && !span)
    throw new GatewayError('bad-request', 'request: expected an object, got nothing.', { path: 'request' })
  const bytes = span ? wire.body.subarray(span.start, span.end) : wire.body
  const request = span ? peek(bytes) : body
  const model = (wrapped ? (body.string('model') ?? '') : path.model).replace(/^models\//, '')
  if (model === '')
    throw new GatewayError('bad-request', 'model: expected the name of a model, got nothing.', { path: 'model' })
  requireModelName(model)
  const config = member(request, 'generationConfig')
  const generation = isObject(config) ? config : {}
  let decoded: Promise<Conversation> | undefined
  let sections: RequestSections | undefined
  return {
    path,
    model,
    body,
    bytes,
    request,
    wantsThoughts: asksForThoughts(generation),
    traits: traitsOf(wire.body.length, bytes, request, generation),
    sections() {
      sections ??= sectionsOf(request, span?.start ?? 0)
      return sections
    },
    conversation() {
      decoded ??= parseJson(wire.body).then((json) => decodeConversation(json, wire.envelope))
      return decoded
    },
  }
}

function member(look: Peek, name: keyof typeof otherSpellings) {
  return look.value(spelled(look, name))
}

function spelled(look: Peek, name: keyof typeof otherSpellings): string {
  return look.has(name) ? name : otherSpellings[name]
}

const otherSpellings = {
  contents: 'contents',
  systemInstruction: 'system_instruction',
  tools: 'tools',
  generationConfig: 'generation_config',
} as const

/** `offset`: where the request stands in the body. */
function sectionsOf(request: Peek, offset: number): RequestSections {
  const items = (name: keyof typeof otherSpellings) => {
    const found = request.items(spelled(request, name))
    return offset === 0 ? found : found.map(({ start, end }) => ({ start: start + offset, end: end + offset }))
  }
  return { system: items('systemInstruction'), tools: items('tools'), messages: items('contents') }
}

function traitsOf(size: number, bytes: Buffer, request: Peek, generation: JsonObject): RequestTraits {
  const wished = field(generation, 'maxOutputTokens')
  const wishedOutputTokens = typeof wished === 'number' || typeof wished === 'string' ? Number(wished) : Number.NaN
  const helper = helperOf(generation)
  return {
    bytes: size,
    tools: declaresTools(bytes, request),
    media: latestTurnHasMedia(request),
    ...(wishedOutputTokens > 0 ? { wishedOutputTokens } : {}),
    ...(helper ? { helper } : {}),
  }
}

/** Found in the bytes: tool schemas are large and parsing them would be for nothing. */
function declaresTools(bytes: Buffer, request: Peek): boolean {
  const span = request.span('tools')
  if (!span || request.itemCount('tools') === 0) return false
  const tools = bytes.subarray(span.start, span.end)
  return (
    (tools.includes('"functionDeclarations"') || tools.includes('"function_declarations"')) && tools.includes('"name"')
  )
}

/** A turn may be sent in pieces; whoever sends it in more has had the others looked at in earlier requests. */
const mostPieces = 3

/** How the names of media parts end, in either spelling. Long texts without any are not parsed for nothing. */
const mediaTraces = words('ata"')

/** Does what came after the model's last content carry an image, audio, video or document, be it beside tool results? */
function latestTurnHasMedia(request: Peek): boolean {
  if (!request.lastItemsHold('contents', mostPieces, mediaTraces)) return false
  for (let back = 0; back < mostPieces; back++) {
    const content = request.lastItem('contents', back)
    if (!isObject(content) || content.role === 'model') return false
    if (Array.isArray(content.parts) && content.parts.some(carriesMedia)) return true
  }
  return false
}

function carriesMedia(part: unknown): boolean {
  if (!isObject(part)) return false
  if (field(part, 'inlineData') !== undefined || field(part, 'fileData') !== undefined) return true
  const response = field(part, 'functionResponse')
  return isObject(response) && Array.isArray(response.parts) && response.parts.some(carriesMedia)
}

/** The Gemini CLI's own side calls are known by the answer they ask for. */
function helperOf(generation: JsonObject): HelperCall | undefined {
  const schema = field(generation, 'responseJsonSchema') ?? field(generation, 'responseSchema')
  const properties = isObject(schema) ? schema.properties : undefined
  if (!isObject(properties)) return undefined
  const asks = (name: string) => Object.hasOwn(properties, name)
  if (asks('complexity_score') || asks('model_choice')) return 'router-verdict'
  return asks('unproductive_state_confidence') || asks('next_speaker') ? 'helper' : undefined
}
