import type { z } from 'zod'
import { formatPath, type Path } from '../config/problem.ts'
import { badInput } from './control-error.ts'

/** The input of a call as its schema wants it. Throws with the path of the first bad field. */
export function checkInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const issue = read.error.issues[0]!
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
  if (issue.code === 'unrecognized_keys') throw at([...path, issue.keys[0]!], 'There is no such field')
  throw at(path, issue.message)
}

function at(path: Path, message: string): Error {
  const field = path.length === 0 ? '(input)' : formatPath(path)
  return badInput(field, `${field}: ${message}.`)
}
