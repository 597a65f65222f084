import path from 'node:path'

/** Where Patchbay keeps its things. `PATCHBAY_HOME` moves all of it together. */
export interface Paths {
  home: string
  config: string
  profiles: string
  state: string
  history: string
  logs: string
  clientKey: string
  clientKeys: string
  secretNames: string
  accountNames: string
  /** Folder of the locks under which accounts are refreshed. */
  accountLocks: string
}

export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  /** The user's home folder. */
  userHome: string
}

export function pathsIn(home: string): Paths {
  const state = path.join(home, 'state')
  return {
    home,
    config: path.join(home, 'config.yaml'),
    profiles: path.join(home, 'profiles'),
    state,
    history: path.join(state, 'config-history'),
    logs: path.join(home, 'logs'),
    clientKey: path.join(state, 'client-key'),
    clientKeys: path.join(state, 'client-keys.json'),
    secretNames: path.join(state, 'secret-names.json'),
    accountNames: path.join(state, 'account-names.json'),
    accountLocks: path.join(state, 'account-locks'),
  }
}

/** `$PATCHBAY_HOME`, else `patchbay/` in the platform's config folder. */
export function patchbayHome({ env, platform, userHome }: Surroundings): string {
  if (env.PATCHBAY_HOME) return path.resolve(expandHome(env.PATCHBAY_HOME, userHome))
  if (platform === 'win32') return path.join(env.APPDATA || path.join(userHome, 'AppData', 'Roaming'), 'patchbay')
  if (platform === 'darwin') return path.join(userHome, 'Library', 'Application Support', 'patchbay')
  // a relative XDG_CONFIG_HOME is to be ignored, says its specification
  const xdg = env.XDG_CONFIG_HOME && path.isAbsolute(env.XDG_CONFIG_HOME) ? env.XDG_CONFIG_HOME : undefined
  return path.join(xdg ?? path.join(userHome, '.config'), 'patchbay')
}

/** `~/x` as a shell would read it. */
export function expandHome(file: string, userHome: string): string {
  return file === '~' || /^~[/\\]/.test(file) ? path.join(userHome, file.slice(1)) : file
}
