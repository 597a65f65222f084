import fs from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { atomicWrite, hasCode } from '../config/atomic-write.ts'
import { readTextFile } from './text-file.ts'

const fileIn = (stateFolder: string): string => path.join(stateFolder, 'gateway.json')

const state = z.object({ url: z.string(), pid: z.number().int().positive() })

/** The address of the gateway that runs now, as it wrote it down; undefined when none does. */
export async function runningGateway(stateFolder: string): Promise<{ url: string; pid: number } | undefined> {
  const { text } = await readTextFile(fileIn(stateFolder))
  const read = text === undefined ? undefined : state.safeParse(parse(text))
  return read?.success && isAlive(read.data.pid) ? read.data : undefined
}

/** Where other commands find it. Without it they take the port of the config. */
export async function writeRunningGateway(stateFolder: string, running: { url: string; pid: number }): Promise<void> {
  await fs.mkdir(stateFolder, { recursive: true, mode: 0o700 })
  await atomicWrite(fileIn(stateFolder), `${JSON.stringify(running)}\n`)
}

export async function forgetRunningGateway(stateFolder: string): Promise<void> {
  await fs.rm(fileIn(stateFolder), { force: true })
}

/** A file torn by a crash says as little as none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return hasCode(cause, 'EPERM')
  }
}
