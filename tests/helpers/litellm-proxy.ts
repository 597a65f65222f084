import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { startChild, untilChild } from './child-process.ts'

export interface LitellmProxy {
  /** Ends in /v1. */
  baseUrl: string
  url: string
  key: string
  output: () => string
  [Symbol.asyncDispose](): Promise<void>
}

export interface LitellmOptions {
  python: string
  /** The proxy's own config file, as LiteLLM documents it; JSON is YAML. */
  config: Record<string, unknown>
  key: string
}

/** A real LiteLLM proxy on a free loopback port; it is asked for nothing from outside this machine. */
export async function startLitellm({ python, config, key }: LitellmOptions): Promise<LitellmProxy> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-litellm-'))
  const file = path.join(folder, 'config.yaml')
  fs.writeFileSync(file, JSON.stringify({ general_settings: { master_key: key }, ...config }))
  const port = await freePort()
  const script = path.join(path.dirname(python), 'litellm')
  const running = startChild(python, [script, '--config', file, '--host', '127.0.0.1', '--port', String(port)], {
    cwd: folder,
    env: {
      HOME: folder,
      NO_PROXY: '127.0.0.1,localhost',
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
      LITELLM_TELEMETRY: 'False',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  })
  const url = `http://127.0.0.1:${port}`
  await untilChild(running, 'litellm', {
    timeoutMs: 120_000,
    ready: async () => {
      const alive = await fetch(`${url}/health/liveliness`).catch(() => undefined)
      await alive?.arrayBuffer()
      return alive?.ok ? true : undefined
    },
  })
  return {
    url,
    baseUrl: `${url}/v1`,
    key,
    output: () => running.stdout() + running.stderr(),
    async [Symbol.asyncDispose]() {
      running.child.kill('SIGTERM')
      const late = setTimeout(() => running.child.kill('SIGKILL'), 10_000)
      await running.ended
      clearTimeout(late)
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}
