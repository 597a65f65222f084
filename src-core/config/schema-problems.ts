import { z } from 'zod'
import { suggestion } from './nearest.ts'
import { formatPath, type Path, type Problem } from './problem.ts'
import { configSchema } from './schema.ts'

/** What the schema refused, in words: the path in the file, what is wrong, and the field's own description as a hint. */
export function schemaProblems(error: z.ZodError, value: unknown): Problem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, [], value))
}

type Issue = z.core.$ZodIssue

function problemsOf(issue: Issue, base: Path, value: unknown): Problem[] {
  const path: Path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))]
  const at = valueAt(value, path)
  if (issue.code === 'invalid_union') return unionProblems(issue, path, value)
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path, value)
    return issue.keys.map((key) => ({
      path: formatPath([...path, key]),
      message: 'unknown key',
      hint: suggestion(key, known, 'Remove it.'),
    }))
  }
  const hint = hintAt(path, value)
  if (issue.code === 'invalid_key') {
    return [
      {
        path: formatPath(path),
        message: issue.issues[0]?.message ?? 'is not a usable name',
        hint: keyHint(path, value) ?? hint,
      },
    ]
  }
  if (issue.code === 'invalid_value') {
    const options = issue.values.map(String)
    const near = typeof at === 'string' ? suggestion(at, options, hint) : hint
    return [
      { path: formatPath(path), message: at === undefined ? 'is missing' : `must be ${either(options)}`, hint: near },
    ]
  }
  return [{ path: formatPath(path), message: words(issue, at), hint }]
}

function words(issue: Issue, at: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (at === undefined) return 'is missing'
      return `must be ${nouns[issue.expected] ?? issue.expected}${at === null ? ', and is empty' : ''}`
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array') return 'must not be empty'
      return issue.inclusive === false ? `must be above ${issue.minimum}` : `must be ${issue.minimum} or more`
    case 'too_big':
      return `must be ${issue.maximum} or less`
    default:
      return issue.message
  }
}

const nouns: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
  array: 'a list',
}

/** The branch the user was in: the one whose complaint is not about the kind of value, else one sentence for all. */
function unionProblems(issue: Extract<Issue, { code: 'invalid_union' }>, path: Path, value: unknown): Problem[] {
  const branches: Issue[][] = issue.errors
  const meant = branches.find((issues) => !issues.some((one) => one.code === 'invalid_type' && one.path.length === 0))
  if (meant) return meant.flatMap((one) => problemsOf(one, path, value))
  const kinds = branches.flatMap(([first]) =>
    first?.code === 'invalid_type' ? [nouns[first.expected] ?? first.expected] : [],
  )
  return [{ path: formatPath(path), message: `must be ${either([...new Set(kinds)])}`, hint: hintAt(path, value) }]
}

function either(options: readonly string[]): string {
  return options.length < 2 ? (options[0] ?? '') : `${options.slice(0, -1).join(', ')} or ${options.at(-1)}`
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined
    at = (at as Record<string | number, unknown>)[part]
  }
  return at
}

// the schema, walked along a path

function knownKeys(path: Path, value: unknown): string[] {
  const schema = schemasAlong(path, value).at(-1)?.schema
  return schema instanceof z.ZodObject ? Object.keys(schema.shape).filter((key) => key !== '$schema') : []
}

function keyHint(path: Path, value: unknown): string | undefined {
  const parent = schemasAlong(path.slice(0, -1), value).at(-1)?.schema
  if (!(parent instanceof z.ZodRecord)) return undefined
  return bare(parent.keyType as z.ZodType, undefined).description
}

/** The description of the field itself, else of the nearest field around it that has one. */
function hintAt(path: Path, value: unknown): string {
  const described = schemasAlong(path, value).findLast(({ description }) => description !== undefined)
  return described?.description ?? 'See docs/config.schema.json for what may stand here.'
}

interface Step {
  schema: z.ZodType
  description: string | undefined
}

function schemasAlong(path: Path, value: unknown): Step[] {
  let at: unknown = value
  let step: Step | undefined = bare(configSchema, at)
  const steps = [step]
  for (const part of path) {
    const next = child(step.schema, part)
    at = valueAt(at, [part])
    if (!next) break
    step = bare(next, at)
    steps.push(step)
  }
  return steps
}

function child(schema: z.ZodType, part: string | number): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, part) ? schema.shape[part] : undefined
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType
  return undefined
}

/** Past optional, default and transform, and into the branch of a union that fits the value. */
function bare(schema: z.ZodType, value: unknown): Step {
  let inner = schema
  let description = inner.description
  for (;;) {
    if (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) {
      inner = inner.unwrap() as z.ZodType
    } else if (inner instanceof z.ZodPipe) inner = inner.in as z.ZodType
    else if (inner instanceof z.ZodUnion) {
      inner = branchFor(inner.options as z.ZodType[], value)
    } else return { schema: inner, description }
    description ??= inner.description
  }
}

function branchFor(options: z.ZodType[], value: unknown): z.ZodType {
  const wanted = Array.isArray(value) ? z.ZodArray : typeof value === 'object' ? z.ZodObject : undefined
  return options.find((option) => wanted && bare(option, value).schema instanceof wanted) ?? options[0]!
}
