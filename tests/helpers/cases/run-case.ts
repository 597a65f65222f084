import type { Answer, ProviderRequest, ScriptedProvider } from '../scripted-provider.ts'
import { camelCased } from './camel-case.ts'
import { type BackendResponse, type Expectation, fillIn, type Step, type TranslationCase } from './case-file.ts'
import { fold } from './fold.ts'
import type { JsonRecord } from './json-record.ts'
import { look, problemWith, type View } from './operators.ts'
import { partialMismatch } from './partial.ts'
import { foundValue } from './path.ts'
import { readingProblems } from './readable.ts'
import { keyHeaders, type Reply, send } from './send.ts'
import { blocksOf } from './stream-blocks.ts'

/** How the backend's stream is cut: as the case says, not at all, or at every byte. */
export type Splitting = 'as written' | 'whole' | 'every byte'

export interface CaseRun {
  problems: string[]
  /** The last reply put together, to compare runs of one case. */
  folded: JsonRecord
}

export interface CaseBench {
  gateway: { url: string; clientKey: string | null }
  backend: ScriptedProvider
}

/** Plays a case through a gateway and says everything that is not as the case wants it. */
export async function runCase(one: TranslationCase, bench: CaseBench, splitting: Splitting): Promise<CaseRun> {
  const captured = new Map<string, unknown>()
  const problems: string[] = []
  let folded: JsonRecord = {}
  for (const [index, template] of one.steps.entries()) {
    const step = fillIn(template, captured)
    const before = bench.backend.requests.length
    bench.backend.reply(answerFor(step.backend_response, splitting))
    const reply = await sendStep(one, step, bench)
    const asked = bench.backend.requests.slice(before)
    const view = clientView(one, reply)
    folded = view.beside.folded as JsonRecord
    const found = [...backendProblems(one, step, asked.at(-1), captured)]
    // what the backend's request told may stand in what the client must get
    const expected = fillIn(template.expect_client_response ?? {}, captured)
    found.push(...clientProblems(one, expected, { reply, view }, captured))
    const where = one.steps.length > 1 ? `step ${index + 1}: ` : ''
    problems.push(...found.map((problem) => where + problem))
    if (problems.length > 0) break
  }
  return { problems, folded }
}

export function isStream(one: TranslationCase): boolean {
  return one.steps.some((step) => step.backend_response.sse !== undefined)
}

function answerFor(response: BackendResponse, splitting: Splitting): Answer {
  const { status, headers, json, sse, split, end } = response
  const every = splitting === 'as written' ? Number(split?.replace('every:', '') || 0) : splitting === 'whole' ? 0 : 1
  return {
    ...(status === undefined ? {} : { status }),
    ...(headers === undefined ? {} : { headers }),
    ...(sse === undefined ? { json } : { sse }),
    ...(sse !== undefined && every > 0 ? { split: every } : {}),
    ...(end === 'close' ? { cut: { at: Number.MAX_SAFE_INTEGER, how: 'close' as const } } : {}),
  }
}

function sendStep(one: TranslationCase, { client_request }: Step, { gateway }: CaseBench): Promise<Reply> {
  const key = gateway.clientKey ?? 'no-key-needed'
  return send({
    url: gateway.url,
    path: client_request.path,
    headers: { ...keyHeaders(one.client_protocol, key), ...client_request.headers },
    body: client_request.body,
  })
}

function* backendProblems(
  one: TranslationCase,
  step: Step,
  request: ProviderRequest | undefined,
  captured: Map<string, unknown>,
): Generator<string> {
  const expected = step.expect_backend_request
  if (!expected) return
  if (!request) {
    if (!expected.optional) yield 'nothing reached the backend'
    return
  }
  const view: View = {
    body: one.backend_protocol === 'gemini-chat' ? camelCased(request.json) : request.json,
    beside: { path: request.path, headers: request.headers },
  }
  for (const problem of unmet(expected, view)) yield `backend: ${problem}`
  capture(expected, view, captured)
}

function* clientProblems(
  one: TranslationCase,
  expected: Expectation,
  { reply, view }: { reply: Reply; view: View },
  captured: Map<string, unknown>,
): Generator<string> {
  if (expected.status !== undefined && reply.status !== expected.status) {
    yield `client: status ${reply.status}, not ${expected.status}: ${reply.raw.slice(0, 500)}`
    return
  }
  for (const problem of unmet(expected, view)) yield `client: ${problem}`
  if (isEventStream(reply)) {
    for (const problem of readingProblems(one.client_protocol, reply.raw, reply.chunks)) yield `unreadable: ${problem}`
  }
  capture(expected, view, captured)
}

function* unmet(expected: Expectation, view: View): Generator<string> {
  if (expected.partial !== undefined) {
    const mismatch = partialMismatch(view.body, expected.partial)
    if (mismatch) yield mismatch
  }
  for (const assertion of expected.assert ?? []) {
    const problem = problemWith(assertion, view)
    if (problem) yield problem
  }
}

function capture(expected: Expectation, view: View, captured: Map<string, unknown>): void {
  for (const [name, path] of Object.entries(expected.capture ?? {})) captured.set(name, foundValue(look(view, path)))
}

function isEventStream(reply: Reply): boolean {
  return String(reply.headers['content-type'] ?? '').startsWith('text/event-stream')
}

function clientView(one: TranslationCase, reply: Reply): View {
  const streamed = isEventStream(reply)
  const { blocks } = streamed ? blocksOf(reply.raw) : { blocks: [] }
  const told = blocks.filter((block) => block.data !== '' && block.data !== '[DONE]')
  const events = told.map((block) => parseOr(block.data, block.data))
  const json = streamed ? undefined : parseOr(reply.raw, undefined)
  return {
    body: json,
    beside: {
      status: reply.status,
      headers: reply.headers,
      raw: reply.raw,
      json,
      events,
      event_names: told.map((block) => block.name),
      transport: { aborted: reply.aborted },
      folded: fold(one.client_protocol, streamed ? events : [json]),
    },
  }
}

function parseOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return otherwise // no JSON: shown as it is, or not at all
  }
}
