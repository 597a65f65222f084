/** Why a client could not be connected, as one sentence for the person at the keyboard. Nothing was changed. */
export class ConnectError extends Error {
  override name = 'ConnectError'
}

const reasons: Record<string, string> = {
  EACCES: 'you have no permission for it',
  EPERM: 'you have no permission for it',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'a part of its path is a file, not a folder',
  ELOOP: 'its links run in a circle',
}

function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''
}

export function fileError(action: string, path: string, cause: unknown): ConnectError {
  if (cause instanceof ConnectError) return cause
  const why = reasons[errorCode(cause)] ?? (cause instanceof Error ? cause.message : String(cause))
  return new ConnectError(`Cannot ${action} ${path}: ${why}.`, { cause })
}
