import type { Redactor } from './redact.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
/** A plain object, each of its properties a field of the line; or what makes it, asked only when the line is kept. */
type LogFields = object | (() => object)

export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** Writes what is waiting now: at exit, or before a crash. */
  flush(): void
  /** The last lines as they were written, the oldest first. */
  recent(): readonly string[]
}

export interface LogOptions {
  /** Nothing below it is kept. */
  level: LogLevel
  redactor: Redactor
  /** Takes whole lines, synchronously: at exit there is no later. */
  write: (lines: string) => void
  /** `json`: a line of JSON each; `words`: for a person at a terminal. */
  format: 'json' | 'words'
  now: () => number
  /** How long a line may wait. */
  flushMs?: number
  /** Most lines that wait; what comes beyond is counted, not kept. */
  capacity?: number
  /** Most of them that may be routine (debug and info): under load these are told by their number. */
  routineCapacity?: number
}

interface Entry {
  time: number
  level: LogLevel
  message: string
  fields?: object
}

const mostRecent = 200

const ranks: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 }

/**
 * A log that costs its caller one push: lines are redacted, written out and joined when the timer fires.
 * Fields are read then, so hand over values that do not change.
 */
export function createLog(options: LogOptions): Log {
  const { level, redactor, write, format, now, flushMs = 200, capacity = 400, routineCapacity = 40 } = options
  const line = format === 'json' ? jsonLine : wordsLine
  let waiting: Entry[] = []
  let routine = 0
  let dropped = 0
  let timer: NodeJS.Timeout | undefined
  let recent: readonly string[] = []

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length === 0) return
    const entries = waiting
    waiting = []
    routine = 0
    if (dropped > 0)
      entries.push({ time: now(), level: 'warn', message: 'log lines dropped', fields: { count: dropped } })
    dropped = 0
    const lines = entries.map((entry) => line(entry, redactor))
    recent = [...recent, ...lines].slice(-mostRecent)
    write(lines.join(''))
  }

  const add = (entryLevel: LogLevel, message: string, fields?: LogFields): void => {
    if (ranks[entryLevel] < ranks[level]) return
    const isRoutine = ranks[entryLevel] < ranks.warn
    if (waiting.length >= capacity || (isRoutine && routine >= routineCapacity)) dropped += 1
    else {
      if (isRoutine) routine += 1
      waiting.push({
        time: now(),
        level: entryLevel,
        message,
        fields: typeof fields === 'function' ? fields() : fields,
      })
    }
    timer ??= setTimeout(flush, flushMs).unref()
  }

  return {
    debug: (message, fields) => add('debug', message, fields),
    info: (message, fields) => add('info', message, fields),
    warn: (message, fields) => add('warn', message, fields),
    error: (message, fields) => add('error', message, fields),
    flush,
    recent() {
      flush()
      return recent
    },
  }
}

function jsonLine({ time, level, message, fields }: Entry, redactor: Redactor): string {
  const told = redactor.value(fields ?? {})
  const entry = { time: new Date(time).toISOString(), level, message: redactor.text(message) }
  return `${JSON.stringify({ ...(told as object), ...entry })}\n`
}

function wordsLine({ time, level, message, fields }: Entry, redactor: Redactor): string {
  const told = Object.entries(redactor.value(fields ?? {}) as object)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        ` ${name}=${typeof value === 'string' && !/[\s"=]/.test(value) ? value : JSON.stringify(value)}`,
    )
  const clock = new Date(time).toISOString().slice(11, 23)
  return `${clock} ${level.padEnd(5)} ${oneLine(redactor.text(message))}${told.join('')}\n`
}

/** A message from outside must not forge a line or steer a terminal. */
function oneLine(words: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is cut here
  return words.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
}
