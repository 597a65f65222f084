import fs from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { atomicWrite, hasCode } from '../config/atomic-write.ts'
import { consequences, type ErrorKind } from '../model/error.ts'
import type { Health, HealthList } from './health.ts'

export interface HealthFile {
  /** What it said at the start. */
  restored: HealthList
  /** Keeps it in step, soon after each change and never in a request's own turn. */
  follow(health: Pick<Health, 'list' | 'subscribe'>): void
  /** Writes what is not written yet. */
  close(): Promise<void>
}

export interface HealthFileOptions {
  file: string
  /** It could not be read or written: nothing but the memory of a restart is lost. */
  failed: (thrown: unknown) => void
  /** Takes the secrets in use out of what services said. */
  redact?: (text: string) => string
  /** How long changes are gathered. */
  delayMs?: number
}

const entry = z.object({
  id: z.string(),
  state: z.enum(['cooling', 'tripped']),
  since: z.number(),
  until: z.number(),
  failure: z
    .object({
      kind: z.enum(Object.keys(consequences) as [ErrorKind, ...ErrorKind[]]),
      message: z.string(),
      providerStatus: z.number().optional(),
      providerCode: z.string().optional(),
    })
    .optional(),
  waitFrom: z.string().optional(),
  target: z.string(),
})
const content = z.object({ version: z.literal(1), targets: z.array(entry), credentials: z.array(entry) })

const nothing: HealthList = { targets: [], credentials: [] }

/** Rests in force, kept over a restart in the state folder. */
export async function openHealthFile({
  file,
  failed,
  redact = (text) => text,
  delayMs = 1000,
}: HealthFileOptions): Promise<HealthFile> {
  const restored = await read(file, failed)
  let written = textOf(restored)
  let health: Pick<Health, 'list'> | undefined
  let stop: (() => void) | undefined
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  async function write(): Promise<void> {
    const text = health ? redact(textOf(health.list())) : written
    if (text === written) return
    try {
      await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
      await atomicWrite(file, text)
      written = text
    } catch (error) {
      failed(error)
    }
  }

  /** One after the other, each with what is true by then. */
  function writeSoon(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(write)
    return writing
  }

  return {
    restored,
    follow(followed) {
      health = followed
      stop = followed.subscribe(() => {
        timer ??= setTimeout(() => void writeSoon(), delayMs).unref()
      })
    },
    close() {
      stop?.()
      return writeSoon()
    },
  }
}

async function read(file: string, failed: (thrown: unknown) => void): Promise<HealthList> {
  try {
    return content.parse(JSON.parse(await fs.readFile(file, 'utf8')))
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) failed(error)
    return nothing
  }
}

function textOf({ targets, credentials }: HealthList): string {
  const inForce = (entries: HealthList['targets']) => entries.filter(({ state }) => state !== 'healthy')
  return `${JSON.stringify({ version: 1, targets: inForce(targets), credentials: inForce(credentials) }, undefined, 2)}\n`
}
