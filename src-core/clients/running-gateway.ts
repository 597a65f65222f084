import path from 'node:path'
import { z } from 'zod'
import { hasCode } from '../config/atomic-write.ts'
import { readTextFile } from './text-file.ts'

const state = z.object({ url: z.string(), pid: z.number().int().positive() })

/** The address of the gateway that runs now, as it wrote it down; undefined when none does. */
export async function runningGateway(stateFolder: string): Promise<{ url: string; pid: number } | undefined> {
  const { text } = await readTextFile(path.join(stateFolder, 'gateway.json'))
  const read = text === undefined ? undefined : state.safeParse(parse(text))
  return read?.success && isAlive(read.data.pid) ? read.data : undefined
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
