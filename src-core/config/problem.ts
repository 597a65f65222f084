/** One thing wrong with the config, for the person who wrote it. `message` never holds a secret. */
export interface Problem {
  /** Where, as `virtualrouter.routing.default[0].targets[1]`; `line 3, column 5` when the text is no YAML. */
  path: string
  message: string
  hint: string
  /** Where `path` is a place in the file: its line there. */
  line?: number
}

/** As a line to read: `gateway.prot: unknown key (line 2. Did you mean port?)`. */
export function printProblem({ path, message, hint, line }: Problem): string {
  const more = [line === undefined ? '' : `line ${line}`, hint].filter(Boolean).join('. ')
  return `${path ? `${path}: ` : ''}${message}${more ? ` (${more})` : ''}`
}

export type Path = readonly (string | number)[]
export type Report = (path: Path, message: string, hint: string) => void

const plainKey = /^[A-Za-z0-9_$-]+$/

export function formatPath(path: Path): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else if (!plainKey.test(part)) text += `[${JSON.stringify(part)}]`
    else text += text === '' ? part : `.${part}`
  }
  return text === '' ? '(file)' : text
}

/** What went wrong with the file as a whole, for the one who asked for it. The command line prints it and exits 2. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  /** invalid: problems say what; missing: no such file; changed: edited since it was read; unwritable: the disk said no. */
  reason: 'invalid' | 'missing' | 'changed' | 'unwritable'
  problems: readonly Problem[]
  /** At a start with an invalid file: when the newest good version was laid aside; such a start may ask for it. */
  lastGood: number | undefined

  constructor(reason: ConfigError['reason'], problems: readonly Problem[], cause?: unknown, lastGood?: number) {
    const lines = problems.map(({ path, message }) => `${path}: ${message}`)
    super(lines.join('\n'), cause === undefined ? undefined : { cause })
    this.reason = reason
    this.problems = problems
    this.lastGood = lastGood
  }
}
