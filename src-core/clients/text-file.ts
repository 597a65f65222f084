import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import { atomicWrite, hasCode } from '../config/atomic-write.ts'
import { ConnectError, fileError } from './connect-error.ts'

/** A text file as it stood when it was read. `text` is undefined when there is none. */
export interface TextFile {
  path: string
  /** Where the bytes are, links followed. */
  realPath: string
  text: string | undefined
  mode: number
  owner?: { uid: number; gid: number }
}

/** For the owner alone: what we create may hold the client key. */
const privateMode = 0o600

export async function readTextFile(filePath: string): Promise<TextFile> {
  try {
    const realPath = await followLinks(filePath)
    const stat = await fs.stat(realPath).catch(absent)
    if (!stat) return { path: filePath, realPath, text: undefined, mode: privateMode }
    if (!stat.isFile()) throw new ConnectError(`${filePath} is not an ordinary file.`)
    const bytes = await fs.readFile(realPath)
    const owner = { uid: stat.uid, gid: stat.gid }
    return { path: filePath, realPath, text: decode(bytes, filePath), mode: stat.mode & 0o7777, owner }
  } catch (cause) {
    throw fileError('read', filePath, cause)
  }
}

/** Says early what would stop a write, so that of two files not only the first is changed. */
export async function checkWritable(file: TextFile): Promise<void> {
  if (file.text === undefined) return
  const readOnly = () => new ConnectError(`${file.path} is read-only. Make it writable and try again.`)
  if ((file.mode & 0o222) === 0) throw readOnly()
  await fs.access(file.realPath, fs.constants.W_OK).catch((cause) => {
    throw hasCode(cause, 'EACCES', 'EPERM') ? readOnly() : fileError('write', file.path, cause)
  })
}

/** All or nothing: a reader sees the old text or the new one. Refuses when the file is no longer what was read. */
export async function writeTextFile(file: TextFile, text: string): Promise<void> {
  try {
    await refuseChanged(file)
    await atomicWrite(file.realPath, text, privateMode)
    if (file.owner && differs(await fs.stat(file.realPath), file.owner)) {
      await fs.chown(file.realPath, file.owner.uid, file.owner.gid)
    }
  } catch (cause) {
    throw fileError('write', file.path, cause)
  }
}

export async function removeTextFile(file: TextFile): Promise<void> {
  try {
    await refuseChanged(file)
    await fs.rm(file.realPath)
  } catch (cause) {
    throw fileError('remove', file.path, cause)
  }
}

/** Creates a folder for the owner alone; answers whether it had to. */
export async function makeFolder(folder: string): Promise<boolean> {
  try {
    return (await fs.mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined
  } catch (cause) {
    throw fileError('create the folder', folder, cause)
  }
}

export async function removeFolderIfEmpty(folder: string): Promise<void> {
  await fs.rmdir(folder).catch((cause) => {
    if (!hasCode(cause, 'ENOTEMPTY', 'EEXIST', 'ENOENT')) throw fileError('remove', folder, cause)
  })
}

export function fingerprint(text: string | undefined): string {
  return text === undefined ? 'none' : createHash('sha256').update(text).digest('hex')
}

async function refuseChanged(file: TextFile): Promise<void> {
  const now = await readTextFile(file.path)
  if (now.text === file.text && now.realPath === file.realPath) return
  throw new ConnectError(
    `${file.path} was changed by another program in the meantime. Nothing was overwritten; try again.`,
  )
}

async function followLinks(filePath: string): Promise<string> {
  const link = await fs.lstat(filePath).catch(absent)
  if (!link) return filePath
  return fs.realpath(filePath).catch((cause) => {
    if (!hasCode(cause, 'ENOENT')) throw cause
    throw new ConnectError(`${filePath} is a link to a file that does not exist. Repair or remove the link first.`)
  })
}

function absent(cause: unknown): undefined {
  if (!hasCode(cause, 'ENOENT')) throw cause
}

/** The byte order mark is kept as the first character. */
function decode(bytes: Buffer, filePath: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new ConnectError(`${filePath} is not UTF-8 text. Save it as UTF-8 first.`, { cause })
  }
}

function differs(stat: { uid: number; gid: number }, owner: { uid: number; gid: number }): boolean {
  return stat.uid !== owner.uid || stat.gid !== owner.gid
}
