import type { Assertion } from './case-file.ts'
import { callsAndResultsPair, toolResultsFirst, toolUseAnsweredNext } from './histories.ts'
import { accepts, schemasIn } from './json-schema.ts'
import { brief, partialMismatch, sameJson } from './partial.ts'
import { type Found, find, foundValue } from './path.ts'
import { textsIn, walk } from './walk.ts'

/** One side of an exchange as assertions see it. */
export interface View {
  /** Where paths start. */
  body: unknown
  /** What is reached by its name: `status`, `headers`, `raw` … */
  beside: Readonly<Record<string, unknown>>
}

/** What a path means on this side. */
export function look(view: View, path: string): Found {
  const [first] = /^[^.[\]]+/.exec(path) ?? []
  return find(first !== undefined && Object.hasOwn(view.beside, first) ? view.beside : view.body, path)
}

/** True, false, or what is wrong in words. */
type Verdict = boolean | string | undefined
type Operator = (actual: unknown, wanted: unknown, context: Context) => Verdict

interface Context {
  assertion: Assertion
  view: View
}

/** What is wrong, or undefined when the assertion holds. */
export function problemWith(assertion: Assertion, view: View): string | undefined {
  const { path, op, value } = assertion
  if (op === 'any_of') return noneHolds(value as Assertion[][], view)
  const found = look(view, path)
  const actual = foundValue(found)
  if (assertion.optional && isMissing(found)) return undefined
  const operator = operators.get(op)
  if (!operator) throw new Error(`no such assertion: ${op}`)
  const verdict = operator(actual, value, { assertion, view })
  if (verdict === true || verdict === undefined) return undefined
  const words = typeof verdict === 'string' ? ` (${verdict})` : ''
  return `${path || 'the body'} ${op} ${value === undefined ? '' : brief(value)}: ${brief(actual)}${words}`
}

function noneHolds(alternatives: Assertion[][], view: View): string | undefined {
  const problems = alternatives.map((all) => all.map((one) => problemWith(one, view)).find(Boolean))
  return problems.includes(undefined) ? undefined : `none of: ${problems.join(' | or | ')}`
}

function isMissing(found: Found): boolean {
  return found.values.every((value) => value === undefined || value === null)
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const every = (value: unknown, test: (item: unknown) => boolean): boolean =>
  list(value).length > 0 && list(value).every(test)
const missing = (value: unknown): boolean => value === undefined || value === null
const pattern = (source: unknown): RegExp => new RegExp(String(source), 'u')
const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function isType(value: unknown, type: unknown): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeOf(value) === type
}

function holds(whole: unknown, part: unknown): boolean {
  if (Array.isArray(whole)) return whole.some((item) => sameJson(item, part))
  return typeof whole === 'string' && whole.includes(String(part))
}

function hasKey(value: unknown, key: unknown): boolean {
  const objects = Array.isArray(value) ? value : [value]
  return objects.some((one) => typeof one === 'object' && one !== null && Object.hasOwn(one, String(key)))
}

function counts(value: unknown, wanted: unknown): Verdict {
  if (typeof wanted === 'number') return list(value).length === wanted
  return Object.entries(wanted as Record<string, number>).every(
    ([item, times]) => list(value).filter((one) => one === item).length === times,
  )
}

/** Visits below the value, or only those under the assertion's `key`. */
function* visits(value: unknown, { assertion }: Context): ReturnType<typeof walk> {
  if (assertion.key === undefined) {
    yield* walk(value)
    return
  }
  for (const visit of walk(value)) if (visit.key === assertion.key && !Array.isArray(visit.value)) yield visit
}

const nowhere =
  (
    bad: (visit: { key: string | undefined; value: unknown; parent: unknown }, wanted: unknown[]) => boolean,
  ): Operator =>
  (actual, wanted, context) => {
    const unwanted = Array.isArray(wanted) ? wanted : [wanted]
    for (const visit of visits(actual, context)) {
      if (bad(visit, unwanted)) return `found ${visit.key ?? ''}: ${brief(visit.value)}`
    }
    return true
  }

function keywords(schema: unknown, test: (schema: Record<string, unknown>) => boolean): boolean {
  const all = [...schemasIn(schema)]
  return all.length > 0 && all.every(test)
}

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0

const operators = new Map<string, Operator>(
  Object.entries({
    // one value
    eq: (actual, wanted) => sameJson(actual, wanted),
    ne: (actual, wanted) => !sameJson(actual, wanted),
    in: (actual, wanted) => holds(wanted, actual),
    absent: (actual) => (Array.isArray(actual) ? actual.every(missing) : missing(actual)),
    exists: (actual) => !missing(actual),
    type: isType,
    gte: (actual, wanted) => typeof actual === 'number' && actual >= Number(wanted),
    lte: (actual, wanted) => typeof actual === 'number' && actual <= Number(wanted),
    len: (actual, wanted) => (actual as { length?: number } | undefined)?.length === wanted,
    len_lte: (actual, wanted) => ((actual as { length?: number } | undefined)?.length ?? Infinity) <= Number(wanted),
    partial: (actual, wanted) => partialMismatch(actual, wanted),
    json_eq: (actual, wanted) => sameJson(parse(actual), wanted),
    same_as: (actual, wanted, { view }) =>
      actual !== undefined && sameJson(actual, foundValue(look(view, String(wanted)))),

    // text, or membership in a list
    matches: (actual, wanted) => !missing(actual) && pattern(wanted).test(text(actual)),
    not_matches: (actual, wanted) => !pattern(wanted).test(text(actual)),
    contains: holds,
    not_contains: (actual, wanted) => !holds(actual, wanted),
    contains_key: hasKey,

    // every item of a list
    unique: (actual) => new Set(list(actual).map((item) => JSON.stringify(item))).size === list(actual).length,
    all_match: (actual, wanted) => every(actual, (item) => !missing(item) && pattern(wanted).test(text(item))),
    all_type: (actual, wanted) => every(actual, (item) => isType(item, wanted)),
    all_in: (actual, wanted) => every(actual, (item) => holds(wanted, item)),
    all_exist: (actual) => every(actual, (item) => !missing(item)),
    all_absent: (actual) => every(actual, missing),
    all_equal: (actual) => every(actual, (item) => !missing(item) && sameJson(item, list(actual)[0])),
    none_contains: (actual, wanted) => list(actual).every((item) => !text(item).includes(String(wanted))),
    count: counts,
    alternates: (actual) =>
      list(actual).every((item, index) => index === 0 || !sameJson(item, list(actual)[index - 1])),

    // at any depth
    text_contains: (actual, wanted) => textsIn(actual).some((one) => one.includes(String(wanted))),
    text_not_contains: (actual, wanted) => !textsIn(actual).some((one) => one.includes(String(wanted))),
    deep_no_key: nowhere(({ key }, unwanted) => unwanted.includes(key)),
    deep_no_value: nowhere(({ value }, unwanted) => unwanted.some((one) => sameJson(one, value))),
    deep_no_substring: nowhere(
      ({ value }, unwanted) => typeof value === 'string' && unwanted.some((one) => value.includes(String(one))),
    ),
    deep_no_empty_text: nowhere(({ key, value }) => key === 'text' && value === ''),
    deep_no_empty_part: nowhere(({ value, parent }) => Array.isArray(parent) && isEmptyObject(value)),
    top_no_key: (actual, wanted) => list(wanted).every((key) => !hasKey(actual, key)),

    // JSON Schemas
    schema_no_keyword: (actual, wanted) =>
      keywords(actual, (schema) => list(wanted).every((keyword) => !Object.hasOwn(schema, String(keyword)))),
    schema_type_is_string: (actual) =>
      keywords(actual, (schema) => schema.type === undefined || typeof schema.type === 'string'),
    accepts: (actual, wanted) => (Array.isArray(wanted) ? wanted : [wanted]).every((value) => accepts(actual, value)),

    // structure of histories and streams
    each_pairs: callsAndResultsPair,
    every_tool_use_answered_next: toolUseAnsweredNext,
    tool_results_first_in_message: toolResultsFirst,
    each_equals_event_name: (actual, _wanted, { view }) => sameJson(actual, view.beside.event_names),
  } satisfies Record<string, Operator>),
)

function parse(value: unknown): unknown {
  if (typeof value !== 'string') return undefined
  try {
    return JSON.parse(value)
  } catch {
    return undefined // not JSON: equal to nothing
  }
}
