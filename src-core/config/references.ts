import { isObject, type Json, type JsonObject } from '../model/json.ts'
import { checkEngines } from './check-engines.ts'
import { checkGroups } from './check-groups.ts'
import { checkProviders } from './check-providers.ts'
import { isLoopbackHost } from './loopback.ts'
import { formatPath, type Path, type Problem } from './problem.ts'
import type { ServiceProfile } from './service-profile-schema.ts'

/** The profiles there are; with their data, models and addresses they bring along count too. */
export type KnownProfiles = ReadonlyMap<string, Partial<ServiceProfile>>

/**
 * What points at something else in the file: profiles, models, targets, routes, groups. Works on the plain value,
 * so that a file with a misspelt key has its unknown models named in the same go.
 */
export function checkReferences(value: Json, profiles: KnownProfiles): Problem[] {
  const problems: Problem[] = []
  const report = (path: Path, message: string, hint: string) => {
    problems.push({ path: formatPath(path), message, hint })
  }
  const file = objectAt(value)
  const router = objectAt(file.virtualrouter)
  const providers = checkProviders(objectAt(router.providers), profiles, report)
  checkGroups(router, providers, report)
  checkEngines(router, providers, report)
  const gateway = objectAt(file.gateway)
  const open = clientAuthProblem(gateway.host, objectAt(gateway.clientAuth).mode)
  if (open) problems.push(open)
  return problems
}

function objectAt(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

/** Also asked when the command line changes the host. */
export function clientAuthProblem(host: unknown = '127.0.0.1', mode: unknown = 'key'): Problem | undefined {
  if (mode !== 'none' || typeof host !== 'string' || isLoopbackHost(host)) return undefined
  return {
    path: 'gateway.clientAuth.mode',
    message: `none is refused while the host is ${host}: anyone on the network could use your providers`,
    hint: 'Write mode: key, or host: 127.0.0.1.',
  }
}
