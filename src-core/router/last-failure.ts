import { GatewayError } from '../model/error.ts'
import type { Failure } from './attempts.ts'

/**
 * What the client is told when nobody answered: the last failure, or the last of a target that suits the request,
 * because "too long" must not be said while a target that fits was only busy. The cause tells every attempt.
 */
export function lastFailure(failures: readonly Failure[]): Failure {
  const told = failures.findLast(({ error }) => !unsuited(error)) ?? failures.at(-1)!
  if (failures.length === 1) return told
  return { ...told, error: withStory(told, failures) }
}

const unsuited = ({ kind }: GatewayError): boolean => kind === 'context-overflow' || kind === 'unsupported'

function withStory(told: Failure, failures: readonly Failure[]): GatewayError {
  const { error, candidate } = told
  const story = new AggregateError(
    failures.map((failure) => failure.error),
    failures.map((failure) => `${failure.candidate.target.id}: ${failure.error.kind}`).join(', '),
    { cause: error.cause },
  )
  return new GatewayError(error.kind, `${error.message}${alsoTried(told, failures)}`, {
    cause: story,
    target: error.target ?? candidate.target.id,
    providerStatus: error.providerStatus,
    providerCode: error.providerCode,
    wait: error.wait,
    path: error.path,
  })
}

function alsoTried(told: Failure, failures: readonly Failure[]): string {
  const others = failures.filter(({ candidate }) => candidate !== told.candidate)
  if (others.length === 0) return ''
  const words = new Set(others.map(({ candidate, error }) => `${candidate.target.id} (${error.kind})`))
  return ` Also tried: ${[...words].join(', ')}.`
}
