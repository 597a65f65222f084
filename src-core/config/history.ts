import fs from 'node:fs/promises'
import path from 'node:path'
import { atomicWrite } from './atomic-write.ts'

const kept = 10

/** Lays a version of the config aside, dated, and lets go of all but the last ten. */
export async function keepVersion(folder: string, text: string, now: Date): Promise<void> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 })
  const date = now.toISOString().replaceAll(':', '-')
  const names = await versions(folder)
  let name = `config-${date}.yaml`
  for (let count = 2; names.includes(name); count++) name = `config-${date}-${String(count).padStart(3, '0')}.yaml`
  await atomicWrite(path.join(folder, name), text)
  const old = [...names, name].sort(byDate).slice(0, -kept)
  await Promise.all(old.map((each) => fs.rm(path.join(folder, each), { force: true })))
}

async function versions(folder: string): Promise<string[]> {
  return (await fs.readdir(folder)).filter((name) => /^config-\d{4}-.*\.yaml$/.test(name))
}

function byDate(a: string, b: string): number {
  const [left, right] = [a.slice(0, -'.yaml'.length), b.slice(0, -'.yaml'.length)]
  return left < right ? -1 : left > right ? 1 : 0
}

export interface ConfigVersion {
  id: string
  /** When it was laid aside, since the epoch. */
  savedAt: number
  bytes: number
}

/** The versions laid aside, newest first. */
export async function listVersions(folder: string): Promise<ConfigVersion[]> {
  const names = await versions(folder).catch(noneYet)
  return Promise.all(
    names
      .sort(byDate)
      .reverse()
      .map(async (id) => ({ id, savedAt: dateOf(id), bytes: (await fs.stat(path.join(folder, id))).size })),
  )
}

/** Undefined when there is no such version. */
export async function readVersion(folder: string, id: string): Promise<string | undefined> {
  const names = await versions(folder).catch(noneYet)
  return names.includes(id) ? fs.readFile(path.join(folder, id), 'utf8') : undefined
}

function noneYet(error: NodeJS.ErrnoException): string[] {
  if (error.code !== 'ENOENT') throw error
  return []
}

/** `config-2026-11-26T00-28-16.123Z.yaml`, perhaps with a count behind the date. */
function dateOf(name: string): number {
  const [, day, hour, minute, rest] = /^config-(.{10})T(\d\d)-(\d\d)-(\d\d\.\d+Z)/.exec(name) ?? []
  return Date.parse(`${day}T${hour}:${minute}:${rest}`) || 0
}
