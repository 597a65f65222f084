import type { JsonObject } from '../../model/json.ts'
import { withLatest } from '../../model/latest.ts'
import type { ModelRequest, Wire } from '../../model/request.ts'
import type { Target } from '../../model/target.ts'
import type { EncodedRequest } from '../codec.ts'
import { replaceSpan } from '../json-body.ts'
import { type Look, lookAt } from './look.ts'

/** The client's own bytes for a target of the same family; only model name and envelope may differ. */
export function relayRequest(request: ModelRequest, target: Target): EncodedRequest {
  const { wire } = request
  const look = lookAt(wire)
  const method = methodFor(request, look)
  return {
    path: targetPath(target, method, look.path.query),
    body: withExtras(bodyFor(wire.envelope, look, request, target), target),
    relayed: wire.envelope === target.envelope && method === look.path.method,
    toolNames: new Map(),
    dropped: [],
  }
}

function methodFor({ stream }: ModelRequest, { path }: Look): string {
  if (stream) return 'streamGenerateContent'
  return path.method === 'streamGenerateContent' ? 'generateContent' : path.method
}

/** `/models/NAME:method`, or `:method` on Code Assist. Streams are always asked for as server-sent events. */
export function targetPath(target: Target, method: string, given = ''): string {
  const query = method === 'streamGenerateContent' ? asStream(given) : given
  const name = target.envelope === 'code-assist' ? '' : modelPath(target.model)
  return `${name}:${method}${query === '' ? '' : `?${query}`}`
}

const modelPath = withLatest((model) => `/models/${model.split('/').map(encodeURIComponent).join('/')}`)

function asStream(query: string): string {
  if (query === '' || query === 'alt=sse') return 'alt=sse'
  const parameters = new URLSearchParams(query)
  parameters.set('alt', 'sse')
  return parameters.toString()
}

function bodyFor(from: Target['envelope'], look: Look, { wire }: ModelRequest, target: Target): Buffer {
  if (from === target.envelope) return from === 'code-assist' ? readdress(wire.body, look, target) : wire.body
  if (target.envelope === 'code-assist') return wrap(target.model, wire.body, addressOf(target, wire))
  return unwrap(look)
}

/** An envelope as it came, but for the model and, where the target has one of its own, the project. */
function readdress(body: Buffer, look: Look, { model, project }: Target): Buffer {
  const start = body.indexOf('{') + 1
  const members = Object.entries(project === undefined ? { model } : { model, project })
  const changes = members.map(([name, value]) => {
    const span = look.body.span(name)
    const text = JSON.stringify(value)
    return span ? { span, text } : { span: { start, end: start }, text: `"${name}":${text},` }
  })
  changes.sort((one, other) => other.span.start - one.span.start)
  return changes.reduce((bytes, { span, text }) => replaceSpan(bytes, span, text), body)
}

/** Whose quota is asked and which prompt this is, as the envelope names them. */
export function addressOf({ project }: Target, { id }: Wire): JsonObject {
  return project === undefined ? {} : { project, user_prompt_id: id }
}

/** A request of the plain form in Code Assist's envelope. */
export function wrap(model: string, request: Buffer, extras: JsonObject): Buffer {
  const members = Object.entries(extras)
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)},`)
    .join('')
  return Buffer.concat([
    Buffer.from(`{"model":${JSON.stringify(model)},${members}"request":`),
    request,
    Buffer.from('}'),
  ])
}

/** The enveloped request alone, without the one member the plain API refuses. */
function unwrap({ bytes, request }: Look): Buffer {
  if (!request.has('session_id')) return bytes
  const pieces: Buffer[] = []
  for (const key of request.keys()) {
    const span = request.span(key)
    if (key === 'session_id' || !span) continue
    pieces.push(
      Buffer.from(`${pieces.length === 0 ? '{' : ','}${JSON.stringify(key)}:`),
      bytes.subarray(span.start, span.end),
    )
  }
  return Buffer.concat([...(pieces.length === 0 ? [Buffer.from('{')] : pieces), Buffer.from('}')])
}

/** Fields the provider always wants are put in front; what the client itself says comes later and wins. */
function withExtras(body: Buffer, { dialect }: Target): Buffer {
  if (!dialect.extraBody) return body
  const extras = Object.entries(dialect.extraBody).filter(([, value]) => value !== undefined)
  if (extras.length === 0) return body
  const start = body.indexOf('{') + 1
  const members = extras.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')
  const isEmpty = body.subarray(start).toString('latin1', 0, 64).trimStart().startsWith('}')
  return replaceSpan(body, { start, end: start }, isEmpty ? members : `${members},`)
}
