import { callOf, type Dialect } from '../helpers/callers.ts'
import { fold } from '../helpers/cases/fold.ts'
import { isRecord, type JsonRecord } from '../helpers/cases/json-record.ts'
import { type Reply, type Sending, send } from '../helpers/cases/send.ts'
import { blocksOf } from '../helpers/cases/stream-blocks.ts'

export interface Client {
  name: string
  dialect: Dialect
  stream: boolean
}

export const clients: readonly Client[] = [
  { name: 'Gemini stream', dialect: 'gemini', stream: true },
  { name: 'Gemini JSON', dialect: 'gemini', stream: false },
  { name: 'OpenAI stream', dialect: 'openai', stream: true },
  { name: 'OpenAI JSON', dialect: 'openai', stream: false },
]

/** What one client saw, as its user would tell it. */
export interface Seen {
  status: number
  /**
   * answer: whole, with its end. refusal: an error with its own status. broken: words, then an error in the protocol's
   * own form. garbled: neither an end nor an error this client could read, or both.
   */
  end: 'answer' | 'refusal' | 'broken' | 'garbled'
  text: string
  /** The error's sentence. */
  words: string
  /** How long the client is told to wait, where it looks for it: a header for OpenAI's, RetryInfo for Gemini's. */
  waitSeconds?: number
  target: string
  attempts: number
  seconds: number
}

export interface Asked extends Pick<Sending, 'url' | 'agent'> {
  key: string
}

export async function ask(client: Client, model: string, { url, agent, key }: Asked): Promise<Seen> {
  const call = callOf(client.dialect, model, { key, stream: client.stream })
  const started = performance.now()
  const reply = await send({ url, agent, ...call })
  const seconds = (performance.now() - started) / 1000
  const { headers } = reply
  return {
    status: reply.status,
    ...readAnswer(client, reply),
    target: String(headers['x-patchbay-target'] ?? ''),
    attempts: Number(headers['x-patchbay-attempts'] ?? 0),
    seconds,
  }
}

type Answer = Pick<Seen, 'end' | 'text' | 'words' | 'waitSeconds'>

function readAnswer({ dialect, stream }: Client, reply: Reply): Answer {
  if (reply.status !== 200) return readRefusal(dialect, reply)
  const { events, done, failure } = stream ? readStream(dialect, reply.raw) : readWhole(reply.raw)
  const folded = fold(dialect === 'gemini' ? 'gemini' : 'openai-chat', events)
  const ended = done && typeof folded.finish === 'string'
  const told = { text: String(folded.text ?? ''), words: String(failure?.message ?? '') }
  if (reply.aborted || ended === (failure !== undefined)) return { end: 'garbled', ...told }
  return { end: failure ? 'broken' : 'answer', ...told }
}

function readRefusal(dialect: Dialect, { raw, headers }: Reply): Answer {
  const error = errorIn(parse(raw))
  if (!error || typeof error.message !== 'string') return { end: 'garbled', text: raw, words: '' }
  const asked = dialect === 'openai' ? headers['retry-after'] : retryInfo(error)?.replace(/s$/, '')
  return {
    end: 'refusal',
    text: '',
    words: error.message,
    ...(asked === undefined ? {} : { waitSeconds: Number(asked) }),
  }
}

interface Read {
  events: unknown[]
  done: boolean
  failure?: JsonRecord
}

function readWhole(raw: string): Read {
  const body = parse(raw)
  return { events: [body], done: true, failure: errorIn(body) }
}

function readStream(dialect: Dialect, raw: string): Read {
  const { blocks, rest } = blocksOf(raw)
  const data = blocks.map((block) => block.data).filter((text) => text !== '')
  const events = data.filter((text) => text !== '[DONE]').map(parse)
  // the Gemini CLI reads an error only where it stands bare, after the last event
  if (dialect === 'gemini') return { events, done: !events.some(errorIn), failure: errorIn(parse(rest)) }
  return { events, done: data.at(-1) === '[DONE]', failure: events.map(errorIn).find((error) => error !== undefined) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no event; what is missing then shows as garbled
  }
}

function errorIn(event: unknown): JsonRecord | undefined {
  return isRecord(event) && isRecord(event.error) ? event.error : undefined
}

function retryInfo({ details }: JsonRecord): string | undefined {
  if (!Array.isArray(details)) return undefined
  const delay = details.filter(isRecord).find((detail) => String(detail['@type']).endsWith('RetryInfo'))?.retryDelay
  return typeof delay === 'string' ? delay : undefined
}
