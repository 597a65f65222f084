import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startChild } from './child-process.ts'

const root = path.resolve(import.meta.dirname, '../..')
const { keytar: version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).peerDependencies

/** A folder for NODE_PATH that has keytar, or why there is none: it is built here, and not every machine can. */
export async function installedKeytar(): Promise<{ nodePath: string } | { skipped: string }> {
  const cache = process.env.XDG_CACHE_HOME || path.join(os.tmpdir(), 'patchbay-cache')
  const folder = path.join(cache, 'patchbay-tests', `keytar-${version}`)
  const nodePath = path.join(folder, 'node_modules')
  if (!(await loads(nodePath))) {
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n')
    const args = ['install', '--no-save', '--no-audit', '--no-fund', `keytar@${version}`]
    const install = startChild('npm', args, { cwd: folder, env: npmEnvironment() })
    const code = await install.ended
    if (code !== 0) return { skipped: `npm install keytar ended with ${code}: ${lastLines(install.stderr())}` }
    if (!(await loads(nodePath))) return { skipped: 'npm installed keytar without its native part' }
  }
  return { nodePath }
}

const loads = async (nodePath: string): Promise<boolean> =>
  (await startChild(process.execPath, ['-e', 'require("keytar")'], { env: { NODE_PATH: nodePath } }).ended) === 0

const lastLines = (text: string): string => text.trim().split('\n').slice(-5).join(' | ')

/** How this machine reaches its registry is the machine's own business. */
function npmEnvironment(): Record<string, string> {
  const wanted = /^(npm_config_(?!prefix)|https?_proxy$|no_proxy$|all_proxy$|ssl_cert_|node_extra_ca|home$|xdg_)/i
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (wanted.test(name) && value ? [[name, value]] : [])),
  )
}
