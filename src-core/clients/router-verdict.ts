import type { StreamChunk } from '../model/event.ts'
import { collect } from '../model/flow.ts'
import type { Caller, Generate, ModelAnswer } from '../model/generate.ts'
import { joinChunks } from '../model/join-chunks.ts'
import { isObject, type JsonObject } from '../model/json.ts'
import type { ModelRequest } from '../model/request.ts'

/** The Gemini CLI shows a blank screen while it waits for this answer, and tries five times when it is not JSON. */
const patienceMs = 15_000

/**
 * The Gemini CLI's router call asks a small model how hard a prompt is. Its answer must never be the
 * reason for a stall: an error, silence or anything but the JSON it wants becomes a neutral verdict.
 * Source: the CLI 0.61, which retries a bad answer for about 99 s.
 */
export function withRouterVerdict(generate: Generate): Generate {
  return (request, caller) =>
    request.traits.helper === 'router-verdict' ? answerVerdict(generate, request, caller) : generate(request, caller)
}

async function answerVerdict(generate: Generate, request: ModelRequest, caller: Caller): Promise<ModelAnswer> {
  const { signal, note } = caller
  const chunks: StreamChunk[] = []
  let because = 'the backend gave no usable verdict'
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
    const { first, rest } = await generate(request, { signal: patience, note })
    chunks.push(first)
    if (rest) chunks.push(...(await collect(rest)))
  } catch (error) {
    if (signal.aborted) throw error
    because = error instanceof Error ? error.message : because
  }
  const wanted = await wantedKey(request)
  const verdict = parseVerdict(textOf(chunks), wanted)
  if (verdict?.clean) return { first: joinChunks(chunks) }
  if (!verdict) note({ type: 'dropped', what: 'router verdict', because })
  return {
    first: {
      events: [
        { type: 'response-start', id: 'verdict', model: request.model },
        { type: 'text-delta', text: JSON.stringify(verdict?.json ?? neutralVerdict(wanted)) },
        { type: 'response-end', reason: { unified: 'stop' } },
      ],
    },
  }
}

type WantedKey = 'complexity_score' | 'model_choice'

async function wantedKey(request: ModelRequest): Promise<WantedKey> {
  const { output } = await request.conversation()
  const properties = output?.type === 'json-schema' ? output.schema.properties : undefined
  return isObject(properties) && Object.hasOwn(properties, 'model_choice') ? 'model_choice' : 'complexity_score'
}

/** Half way: the CLI then takes its fast model, and may still be told otherwise on the next prompt. */
function neutralVerdict(wanted: WantedKey): JsonObject {
  const reason = 'Patchbay chose: the backend gave no verdict.'
  return wanted === 'model_choice'
    ? { reasoning: reason, model_choice: 'flash' }
    : { complexity_reasoning: reason, complexity_score: 50 }
}

function textOf(chunks: readonly StreamChunk[]): string {
  let text = ''
  for (const chunk of chunks) for (const event of chunk.events) if (event.type === 'text-delta') text += event.text
  return text
}

/** The verdict in a model's text. `clean`: the client can read it as it stands. */
function parseVerdict(text: string, wanted: WantedKey): { json: JsonObject; clean: boolean } | undefined {
  const start = text.indexOf('{')
  const end = text.lastIndexOf('}')
  if (start < 0 || end < start) return undefined
  let json: unknown
  try {
    json = JSON.parse(text.slice(start, end + 1))
  } catch {
    return undefined // not JSON: the neutral verdict takes its place
  }
  if (!isObject(json)) return undefined
  const value = json[wanted]
  const fits =
    wanted === 'complexity_score'
      ? typeof value === 'number' && value >= 1 && value <= 100
      : value === 'flash' || value === 'pro'
  if (!fits) return undefined
  return { json, clean: start === 0 && text.slice(end + 1).trim() === '' }
}
