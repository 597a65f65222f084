import { shellLines } from './shell-lines.ts'

/** How a terminal of this system is opened on a program. What it needs to know goes by its environment, never by its arguments. */
export interface TerminalCommand {
  /** As people know it. */
  name: string
  program: string
  args: string[]
  /** What has to stand in `scriptFile`, readable for its owner alone, before the start; it removes itself. */
  script?: string
}

export interface TerminalWish {
  platform: NodeJS.Platform
  env: Readonly<Record<string, string | undefined>>
  /** Of `terminalPrograms`, those that are installed. */
  found: readonly string[]
  /** What is run in it, a plain word. */
  command: string
  variables: ReadonlyMap<string, string>
  scriptFile: string
}

/** Terminals of Linux desktops, the user's own choice first, and what stands before a command. */
const linux: readonly [program: string, before: readonly string[]][] = [
  ['x-terminal-emulator', ['-e']],
  ['gnome-terminal', ['--']],
  ['ptyxis', ['--']],
  // one that is open already would take the command without our environment
  ['konsole', ['--separate', '-e']],
  ['xfce4-terminal', ['--disable-server', '-x']],
  ['kitty', []],
  ['alacritty', ['-e']],
  ['foot', []],
  ['xterm', ['-e']],
]

/** Programs to look for. */
export const terminalPrograms = (platform: NodeJS.Platform): readonly string[] =>
  platform === 'linux' ? linux.map(([program]) => program) : []

/** undefined where there is no terminal, or no screen to open one on. */
export function terminalCommand(wish: TerminalWish): TerminalCommand | undefined {
  const { platform, env, found, command, variables, scriptFile } = wish
  switch (platform) {
    case 'win32':
      // `start` opens the terminal the user has chosen, with our environment; a Windows Terminal that is open would not take it
      return {
        name: 'Command Prompt',
        program: env.ComSpec || 'cmd.exe',
        args: ['/d', '/c', 'start', 'Patchbay', 'cmd.exe', '/d', '/k', command],
      }
    case 'darwin':
      // Terminal gives nobody's environment on
      return {
        name: 'Terminal',
        program: '/usr/bin/open',
        args: ['-a', 'Terminal', scriptFile],
        script: ['#!/bin/sh', 'rm -f -- "$0"', ...shellLines('bash', variables), stayOpen(command), ''].join('\n'),
      }
    case 'linux': {
      if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return undefined
      const known = linux.find(([program]) => found.includes(program))
      if (!known) return undefined
      const [program, before] = known
      return { name: program, program, args: [...before, 'sh', '-c', stayOpen(command)] }
    }
    default:
      return undefined
  }
}

/** A terminal that closed with its command would take the command's last words along. */
const stayOpen = (command: string): string => `${command}; exec "\${SHELL:-/bin/sh}"`
