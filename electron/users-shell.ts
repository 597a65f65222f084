import type { Shell } from '../src-core/index.ts'

/** The shell the user works in, as far as the environment says. */
export function usersShell({ platform, env }: Pick<NodeJS.Process, 'platform' | 'env'>): Shell {
  if (platform === 'win32') return 'powershell'
  const name = /([^/]+)$/.exec(env.SHELL ?? '')?.[1]
  return name === 'zsh' || name === 'fish' ? name : 'bash'
}
