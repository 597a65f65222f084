import type { ErrorKind, Wait } from '../model/error.ts'
import type { Target } from '../model/target.ts'
import type { FailureBody } from './failure-body.ts'
import { redact } from './redact.ts'
import type { ResolvedProvider } from './resolved-provider.ts'

const longest = 400
const least = 60

/**
 * One sentence for the person at the client, made from a rule's own words or the kind's. Places: {provider},
 * {service}, {credential}, {model}, {host}, {status}, {wait}; {message} is what the service said, and stands at the end in
 * brackets when the words have no place for it.
 */
export function failureSentence(options: {
  kind: ErrorKind
  say?: string
  status: number
  body: FailureBody
  provider: Pick<ResolvedProvider, 'id' | 'name' | 'baseUrl'>
  target: Pick<Target, 'id' | 'model' | 'credential'>
  wait?: Wait
  now: number
}): string {
  const { kind, say, status, body, provider, target, wait, now } = options
  const link = kind === 'needs-user-action' && body.link && body.link.length <= 200 ? ` Open ${body.link}` : ''
  const words = (say ?? sentences[kind] ?? otherwise) + link
  const said = redact(body.message).trim()
  const places: Record<string, string> = {
    provider: provider.id,
    service: provider.name,
    credential: target.credential,
    model: target.model,
    host: hostOf(provider.baseUrl),
    status: status === 0 ? '' : String(status),
    wait: waitWords(wait, now),
  }
  const fill = (message: string) =>
    words.replace(/\{(\w+)\}/g, (place, name: string) => {
      if (name === 'message') return message
      return Object.hasOwn(places, name) ? places[name]! : place
    })
  const inside = words.includes('{message}')
  const room = longest - fill('').length - (inside ? 0 : ' (It said: “”)'.length)
  const quoted = room < least ? '' : shorten(said, room)
  if (inside) return shorten(fill(quoted || 'no reason was given'), longest)
  const sentence = shorten(fill(''), longest)
  return quoted === '' ? sentence : `${sentence} (It said: “${quoted}”)`
}

const otherwise = '{provider} failed on {model} ({status}).'

const sentences: Partial<Record<ErrorKind, string>> = {
  'context-overflow':
    'The conversation is too long for {model} at {provider}: compress it or choose a model with a larger context window.',
  'content-filtered': 'The content filter of {provider} refused this request to {model}.',
  'model-not-found': '{provider} has no model {model}: check its name under models of this provider, and its baseUrl.',
  'model-refused': '{provider} does not let its credential “{credential}” use {model} ({status}); it may use others.',
  'model-quota':
    'The quota of credential “{credential}” for {model} at {provider} is used up: try again{wait}, or choose another model.',
  'provider-bad-request': '{provider} did not accept the request to {model} ({status}).',
  'bad-credentials': '{provider} refused its credential “{credential}” ({status}): check the secret it refers to.',
  permission: '{provider} does not let its credential “{credential}” use {model} ({status}).',
  'needs-user-action': '{provider} asks you to act before its credential “{credential}” may be used again.',
  'quota-exhausted':
    'The quota or balance of credential “{credential}” at {provider} is used up: try again{wait}, or raise it.',
  'retired-service': '{provider} is no longer served for credential “{credential}”.',
  'rate-limited': '{provider} limits how often {model} may be asked with credential “{credential}”: try again{wait}.',
  capacity: '{provider} has no capacity for {model} now: try again{wait}.',
  'provider-error': '{provider} failed on {model} ({status}): the fault is on its side, try again{wait}.',
  timeout: '{provider} ran out of time on {model} ({status}).',
  'provider-unreachable': '{provider} at {host} cannot be reached.',
}

/** ` in 30 s`, ` after 2026-11-21 06:30 UTC`, or ` later` when nobody named a time. */
function waitWords(wait: Wait | undefined, now: number): string {
  if (!wait) return ' later'
  const seconds = Math.ceil(wait.ms / 1000)
  if (seconds <= 300) return ` in ${seconds} s`
  return ` after ${new Date(now + wait.ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : ''
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`
}
