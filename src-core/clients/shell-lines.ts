import { ConnectError } from './connect-error.ts'

export const shells = ['bash', 'zsh', 'fish', 'powershell', 'cmd'] as const
export type Shell = (typeof shells)[number]

/** The lines that set variables in one shell, each value quoted so that the shell takes it literally. */
export function shellLines(shell: Shell, variables: ReadonlyMap<string, string>): string[] {
  return [...variables].map(([name, value]) => {
    if (/[\r\n\0]/.test(value))
      throw new ConnectError(`The value of ${name} has a line break and cannot be set in a shell.`)
    return writers[shell](name, value)
  })
}

const posix = (name: string, value: string) => `export ${name}='${value.replaceAll("'", "'\\''")}'`

const writers: Record<Shell, (name: string, value: string) => string> = {
  bash: posix,
  zsh: posix,
  fish: (name, value) => `set -gx ${name} '${value.replace(/['\\]/g, '\\$&')}'`,
  // PowerShell takes typographic quotes for plain ones.
  powershell: (name, value) => `$env:${name} = '${value.replace(/['\u2018\u2019\u201A\u201B]/g, '$&$&')}'`,
  cmd: (name, value) =>
    /["%!^]/.test(value)
      ? `rem ${name} has characters that cmd cannot quote; use PowerShell`
      : `set "${name}=${value}"`,
}
