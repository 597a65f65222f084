import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { chromium } from 'playwright'
import { findChromium } from './find-chromium.ts'

/** A Chromium for the specs: one of this machine, else the system's package, else Playwright's own. undefined: none. */
export function getChromium(): string | undefined {
  return present() ?? fromSystem() ?? fromPlaywright()
}

function present(): string | undefined {
  const own = chromium.executablePath()
  return findChromium() ?? (fs.existsSync(own) ? own : undefined)
}

function fromSystem(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined
  const apt = (...args: string[]) => spawnSync('apt-get', [...args, '-qq'], { stdio: ['ignore', 'ignore', 'inherit'] })
  apt('update')
  apt('install', '-y', '--no-install-recommends', 'chromium')
  return present()
}

function fromPlaywright(): string | undefined {
  spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit', shell: process.platform === 'win32' })
  return present()
}
