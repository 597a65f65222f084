const compiled = new Map<string, RegExp>()
const most = 1000

/** A rule's regular expression, compiled once; upper and lower case are the same. */
export function patternOf(source: string): RegExp {
  let pattern = compiled.get(source)
  if (!pattern) {
    if (compiled.size >= most) compiled.clear()
    pattern = new RegExp(source, 'i')
    compiled.set(source, pattern)
  }
  return pattern
}
