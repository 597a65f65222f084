import { isObject, type Json } from '../model/json.ts'

/** The body without one parameter (wire name, dots for nesting); undefined when it was not there. */
export function dropParameter(body: Buffer, parameter: string): Buffer | undefined {
  const whole = JSON.parse(body.toString('utf8')) as Json
  const path = parameter.split('.')
  const last = path.pop()!
  let holder: Json | undefined = whole
  for (const step of path) holder = isObject(holder) && Object.hasOwn(holder, step) ? holder[step] : undefined
  if (!isObject(holder) || !Object.hasOwn(holder, last)) return undefined
  delete holder[last]
  return Buffer.from(JSON.stringify(whole))
}
