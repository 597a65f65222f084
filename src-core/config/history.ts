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
