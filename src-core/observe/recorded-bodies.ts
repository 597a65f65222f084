import type { StreamChunk } from '../model/event.ts'
import type { Generate } from '../model/generate.ts'
import type { Envelope, ModelRequest, Protocol } from '../model/request.ts'
import { watch } from '../model/watch.ts'
import type { Redactor } from './redact.ts'

/** A client's request, enough to send it again. No headers: whose key it came with is not kept. */
export interface RecordedRequest {
  protocol: Protocol
  envelope: Envelope
  path: string
  body: Buffer
}

/** Bodies of the latest exchanges, only while the user wants them, in memory and never on disk. */
export interface RecordedBodies {
  withBodies(generate: Generate): Generate
  request(id: string): RecordedRequest | undefined
  /** Both bodies as a person may see them: secrets gone, long ones cut. */
  shown(id: string): { request: string; answer: string } | undefined
}

export interface RecordedBodiesOptions {
  /** Asked at every request. */
  wanted: () => boolean
  redactor: Redactor
  /** Of all requests together; the oldest go first. */
  mostBytes?: number
}

interface Recorded extends RecordedRequest {
  answer: string
}

const longestShown = 64 * 1024

export function createRecordedBodies(options: RecordedBodiesOptions): RecordedBodies {
  const { wanted, redactor, mostBytes = 32 * 1024 * 1024 } = options
  const recorded = new Map<string, Recorded>()
  let bytes = 0

  function forget(id: string): void {
    bytes -= recorded.get(id)?.body.length ?? 0
    recorded.delete(id)
  }

  function keep({ wire }: ModelRequest): Recorded {
    const { protocol, envelope, body } = wire
    const one: Recorded = { protocol, envelope, path: redactor.text(wire.path), body, answer: '' }
    recorded.set(wire.id, one)
    bytes += body.length
    for (const id of recorded.keys()) {
      if (bytes <= mostBytes) break
      forget(id)
    }
    return one
  }

  const find = (id: string): Recorded | undefined => {
    if (!wanted()) for (const known of [...recorded.keys()]) forget(known)
    return recorded.get(id)
  }

  return {
    withBodies: (generate) => (request, caller) => {
      if (!wanted()) return generate(request, caller)
      const one = keep(request)
      return watch(generate(request, caller), {
        chunk(chunk) {
          if (one.answer.length < longestShown) one.answer += textOf(chunk)
        },
        failed() {}, // the exchange's record tells of it
      })
    },
    request: find,
    shown(id) {
      const one = find(id)
      return one && { request: shown(one.body.toString('utf8', 0, longestShown)), answer: shown(one.answer) }
    },
  }

  function shown(text: string): string {
    return redactor.text(text.slice(0, longestShown))
  }
}

/** What the provider sent, where it is relayed; else what the answer says. */
function textOf({ wire, events }: StreamChunk): string {
  if (wire) return wire.toString('utf8')
  let text = ''
  for (const event of events) {
    if (event.type === 'text-delta' || event.type === 'reasoning-delta' || event.type === 'refusal-delta')
      text += event.text
    else if (event.type === 'tool-call') text += `\n${event.name}(${JSON.stringify(event.args)})\n`
  }
  return text
}
