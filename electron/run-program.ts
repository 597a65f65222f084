import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Runs a program of the system and returns what it printed. */
export type Run = (program: string, args: string[]) => Promise<string>

export const runProgram: Run = async (program, args) =>
  (await promisify(execFile)(program, args, { timeout: 3000, windowsHide: true })).stdout
