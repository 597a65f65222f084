import type { HealthOf } from '../../../src-core/control/contract.ts'
import type { PageId } from '../../pages.ts'

type ErrorKind = NonNullable<HealthOf['failure']>['kind']

/** The page where a failure of this kind is mended, or looked at. undefined: nothing here would change it. */
export function remedyFor(kind: ErrorKind): PageId | undefined {
  switch (kind) {
    case 'bad-credentials':
    case 'no-credential':
    case 'permission':
    case 'needs-user-action':
    case 'retired-service':
    case 'model-not-found':
    case 'model-refused':
      return 'providers'
    case 'context-overflow':
    case 'no-target':
    case 'not-found':
    case 'unsupported':
      return 'routing'
    case 'rate-limited':
    case 'capacity':
    case 'provider-error':
    case 'provider-unreachable':
    case 'timeout':
    case 'stream-broken':
    case 'quota-exhausted':
    case 'model-quota':
      return 'health'
    default:
      return undefined
  }
}
