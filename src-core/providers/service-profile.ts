import fs from 'node:fs/promises'
import path from 'node:path'
import { suggestion } from '../config/nearest.ts'
import { formatPath, type Problem } from '../config/problem.ts'
import { type ServiceProfile, serviceProfileSchema } from '../config/service-profile-schema.ts'
import { builtInProfiles } from './built-in-profiles.ts'

export type Profiles = ReadonlyMap<string, ServiceProfile>

/**
 * The profiles that ship and the user's own (`<id>.json` in `folder`, if there is such a folder). One of the user's
 * takes the place of a shipped one with its id; one that is not right is left out and named in `problems`.
 */
export async function loadProfiles(
  options: { folder?: string } = {},
): Promise<{ profiles: Profiles; problems: Problem[] }> {
  const profiles = new Map(shipped())
  const problems: Problem[] = []
  for (const file of options.folder === undefined ? [] : await profileFiles(options.folder, problems)) {
    const read = readProfile(file.name, file.text)
    if ('profile' in read) profiles.set(read.profile.id, read.profile)
    else problems.push(...read.problems)
  }
  return { profiles, problems }
}

/** A test holds every shipped profile against the schema; checking them at each start would only cost time. */
function shipped(): [string, ServiceProfile][] {
  return builtInProfiles.map((data) => {
    const profile = { discovery: 'none', builtIn: false, ...(data as object) } as ServiceProfile
    return [profile.id, profile]
  })
}

async function profileFiles(folder: string, problems: Problem[]): Promise<{ name: string; text: string }[]> {
  const names = await fs.readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') problems.push(unreadable('', error))
    return []
  })
  const files: { name: string; text: string }[] = []
  for (const name of names.filter((entry) => entry.endsWith('.json')).sort()) {
    try {
      files.push({ name, text: await fs.readFile(path.join(folder, name), 'utf8') })
    } catch (error) {
      problems.push(unreadable(name, error as NodeJS.ErrnoException))
    }
  }
  return files
}

const unreadable = (name: string, error: NodeJS.ErrnoException): Problem => ({
  path: `profiles/${name}`,
  message: `cannot be read (${error.code ?? error.message})`,
  hint: 'Check who may read it.',
})

/** One file as a profile, or what is wrong with it. */
export function readProfile(fileName: string, text: string): { profile: ServiceProfile } | { problems: Problem[] } {
  const file = `profiles/${fileName}`
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    const words = error instanceof Error ? error.message : 'unreadable'
    return { problems: [{ path: file, message: `is not JSON: ${words}`, hint: 'Check commas, quotes and brackets.' }] }
  }
  const result = serviceProfileSchema.safeParse(data)
  if (!result.success) return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, file)) }
  const id = fileName.slice(0, -'.json'.length)
  if (result.data.id !== id) {
    const hint = `Write "id": "${id}", or rename the file to ${result.data.id}.json.`
    return { problems: [{ path: `${file}: id`, message: 'differs from the name of the file', hint }] }
  }
  return { profile: result.data }
}

type Issue =
  ReturnType<typeof serviceProfileSchema.safeParse> extends infer Result
    ? Result extends { error: { issues: (infer One)[] } }
      ? One
      : never
    : never

function problemsOf(issue: Issue, file: string): Problem[] {
  const parts = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
  const field = Object.entries(serviceProfileSchema.shape).find(([key]) => key === parts[0])?.[1]
  const described = field?.description ?? 'docs/config.schema.json and the shipped profiles show what may stand here.'
  if (issue.code === 'unrecognized_keys') {
    const known = parts.length === 0 ? Object.keys(serviceProfileSchema.shape).filter((key) => key !== '$schema') : []
    return issue.keys.map((key) => ({
      path: `${file}: ${formatPath([...parts, key])}`,
      message: 'unknown key',
      hint: suggestion(key, known, 'Remove it.'),
    }))
  }
  return [{ path: `${file}: ${formatPath(parts)}`, message: issue.message, hint: described }]
}
