import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { AnswerOf, CallName } from '../../../src-core/control/contract.ts'
import { createGateway, type Gateway, type GatewayOptions } from '../../../src-core/gateway.ts'

export interface Reply {
  status: number
  headers: http.IncomingHttpHeaders
  text: string
}

/** A call's reply: `answer` where it succeeded, `error` where it did not. */
export interface CallReply<Name extends CallName> extends Reply {
  answer: AnswerOf<Name>
  error: { message: string; path?: string; problems?: { path: string; message: string }[] }
}

export interface Rig {
  gateway: Gateway
  home: string
  url: string
  control: string
  token: string
  configFile: string
  /** A control call as the window makes it. */
  call<Name extends CallName>(name: Name, input?: unknown): Promise<CallReply<Name>>
  /** Anything at the control port. */
  ask(options: { method?: string; path: string; headers?: Record<string, string>; body?: string }): Promise<Reply>
  /** An OpenAI chat request at the data port. */
  chat(body?: Record<string, unknown>): Promise<Reply>
}

/** A gateway with its control port, in this process, with a home of its own. */
export async function startControlled(
  config: object | string,
  env: Record<string, string> = {},
  options: Partial<GatewayOptions> = {},
): Promise<Rig> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-control-'))
  const configFile = path.join(home, 'config.yaml')
  fs.writeFileSync(configFile, typeof config === 'string' ? config : JSON.stringify(config, undefined, 2))
  const gateway = await createGateway({
    env: {
      HOME: home,
      PATCHBAY_HOME: home,
      PATCHBAY_LOG: 'error',
      PATCHBAY_KEYCHAIN: 'off',
      GEMINI_CLI_HOME: home,
      ...env,
    },
    port: 0,
    controlPort: 0,
    ...options,
  })
  onTestFinished(async () => {
    await gateway.close(1000)
    fs.rmSync(home, { recursive: true, force: true })
  })
  await gateway.listen()
  const { url, controlUrl, clientKey } = gateway.state()
  const { origin: control, searchParams } = new URL(controlUrl!)
  const token = searchParams.get('token')!
  return {
    gateway,
    home,
    url,
    control,
    token,
    configFile,
    async call<Name extends CallName>(name: Name, input: unknown = {}): Promise<CallReply<Name>> {
      const headers = { authorization: `Bearer ${token}` }
      const reply = await send(control, { method: 'POST', path: `/api/${name}`, headers, body: JSON.stringify(input) })
      const json = JSON.parse(reply.text)
      return { ...reply, answer: json, error: json.error }
    },
    ask: (options) => send(control, options),
    chat: (body = {}) =>
      send(url, {
        method: 'POST',
        path: '/v1/chat/completions',
        headers: { 'x-patchbay-key': clientKey ?? '' },
        body: JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'x' }], ...body }),
      }),
  }
}

function send(
  origin: string,
  { method = 'GET', path: at, headers = {}, body }: Parameters<Rig['ask']>[0],
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${origin}${at}`, { method, agent: false, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece) => {
        text += piece
      })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }))
    })
    request.on('error', reject)
    request.end(body)
  })
}
