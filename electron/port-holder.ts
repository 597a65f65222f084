import type { Run } from './run-program.ts'

export interface PortHolder {
  name: string
  pid: number
}

/** Which program listens on a port. undefined where the system does not tell: another user's, or a tool is missing. */
export async function portHolder(port: number, platform: NodeJS.Platform, run: Run): Promise<PortHolder | undefined> {
  try {
    if (platform === 'win32') return await windowsHolder(port, run)
    if (platform === 'linux') return readSs(await run('ss', ['-Hltnp', `sport = :${port}`]))
    return readLsof(await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']))
  } catch {
    // it only makes a sentence friendlier
    return undefined
  }
}

/** `LISTEN 0 511 127.0.0.1:4141 0.0.0.0:* users:(("node",pid=123,fd=20))` */
function readSs(text: string): PortHolder | undefined {
  const [, name, pid] = /users:\(\("([^"]+)",pid=(\d+)/.exec(text) ?? []
  return name && pid ? { name, pid: Number(pid) } : undefined
}

/** `p123` and `cnode`, one a line. */
function readLsof(text: string): PortHolder | undefined {
  const pid = /^p(\d+)$/m.exec(text)?.[1]
  const name = /^c(.+)$/m.exec(text)?.[1]
  return name && pid ? { name, pid: Number(pid) } : undefined
}

async function windowsHolder(port: number, run: Run): Promise<PortHolder | undefined> {
  const lines = (await run('netstat', ['-ano', '-p', 'TCP'])).split('\n').map((line) => line.trim().split(/\s+/))
  const pid = lines.find((parts) => parts[1]?.endsWith(`:${port}`) && parts[2]?.endsWith(':0'))?.[4]
  if (!pid) return undefined
  // "node.exe","123","Console","1","50,000 K"
  const name = /^"([^"]+)"/.exec(await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']))?.[1]
  return name ? { name, pid: Number(pid) } : undefined
}
