import type { Document } from 'yaml'
import { migrate } from './migrate.ts'
import type { Problem } from './problem.ts'
import { withLines } from './problem-lines.ts'
import { readDocument } from './read-document.ts'
import { checkReferences, type KnownProfiles } from './references.ts'
import { type Config, configSchema } from './schema.ts'
import { schemaProblems } from './schema-problems.ts'

export type ParsedConfig = { config: Config; document: Document } | { problems: Problem[] }

/** Config text to a config in force, or everything that is wrong with it at once. Never throws on what it reads. */
export function parseConfig(text: string, options: { knownProfiles: KnownProfiles }): ParsedConfig {
  const read = readDocument(text)
  if ('problems' in read) return read
  const migrated = migrate(read.value)
  if ('problem' in migrated) return { problems: [migrated.problem] }
  const shaped = configSchema.safeParse(migrated.value)
  const problems = shaped.success ? [] : schemaProblems(shaped.error, migrated.value)
  const named = new Set(problems.map(({ path }) => path))
  for (const problem of checkReferences(migrated.value, options.knownProfiles)) {
    if (!named.has(problem.path)) problems.push(problem)
  }
  if (!shaped.success || problems.length > 0) return { problems: withLines(problems, read.document, read.lines) }
  return { config: deepFreeze(shaped.data), document: read.document }
}

/** A config is replaced, never changed. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
