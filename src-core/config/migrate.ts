import { isObject, type Json } from '../model/json.ts'
import type { Problem } from './problem.ts'

/** One step up: a pure change from the version it is listed under to the next. Never edited once released. */
export type MigrationStep = (value: Json) => Json

/** Step `n` makes version n + 1 out of version n. */
const steps: ReadonlyMap<number, MigrationStep> = new Map()

const currentVersion = 1

/** The value in today's version, or why there is no way there. A file without a version is of version 1. */
export function migrate(
  value: Json,
  stair: { steps: ReadonlyMap<number, MigrationStep>; current: number } = { steps, current: currentVersion },
): { value: Json } | { problem: Problem } {
  let version = isObject(value) && value.version !== undefined ? value.version : 1
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return { problem: versionProblem('is not a version', `Write version: ${stair.current}.`) }
  }
  if (version > stair.current) {
    const hint = `This Patchbay reads version ${stair.current}; update Patchbay, or write the file for version ${stair.current}.`
    return { problem: versionProblem('is newer than this Patchbay understands', hint) }
  }
  let result = value
  while (version < stair.current) {
    const step = stair.steps.get(version)
    if (!step)
      return { problem: versionProblem('is too old to be read', `Write the file for version ${stair.current}.`) }
    version++
    result = { ...(step(result) as object), version }
  }
  return { value: result }
}

function versionProblem(message: string, hint: string): Problem {
  return { path: 'version', message, hint }
}
