import fs from 'node:fs'
import path from 'node:path'
import { type BrowserContextOptions, chromium, type Page } from 'playwright'
import { chatAnswer, geminiAnswer } from '../helpers/answers.ts'
import { callControl } from '../helpers/call-control.ts'
import { findChromium } from '../helpers/find-chromium.ts'
import { type GatewayProcess, startGateway } from '../helpers/gateway-process.ts'
import { isFree } from '../helpers/is-free.ts'
import { startKeyringSession } from '../helpers/keyring-session.ts'
import { signInAt, startOAuthServer } from '../helpers/oauth-server.ts'
import { startScriptedProvider } from '../helpers/scripted-provider.ts'
import { inventTraffic } from './invented-traffic.ts'

// The pictures of the README, as `npm run screenshots`: the real window on a real gateway, with invented services and
// invented traffic. Look at each before you commit it.

const folder = path.resolve(import.meta.dirname, '../../docs/images')
/** A picture that is larger is not for a README. */
const largestBytes = 150_000

const usual = { width: 1180, height: 760 }

await using azure = await startScriptedProvider(chatAnswer({ text: 'Hello.' }))
await using gemini = await startScriptedProvider(geminiAnswer({ text: 'Hello.' }))
await using ollama = await startScriptedProvider(chatAnswer({ text: 'Hello.' }))
await using glm = await startScriptedProvider({ status: 401, json: { error: { message: 'token expired' } } })

const config = `version: 1
virtualrouter:
  providers:
    litellm:
      profile: litellm
      baseUrl: ${azure.url}/v1
      discovery: "off"
      auth: { type: apikey, secret: "env:PROXY_KEY" }
      models: { azure-gpt-5: { maxContextTokens: 272000 }, azure-gpt-5-mini: { maxContextTokens: 400000 } }
    gemini:
      profile: gemini
      baseUrl: ${gemini.url}/v1beta
      discovery: "off"
      auth: { type: apikey, secret: "env:OWN_KEY" }
      models: { gemini-3.5-flash: { maxContextTokens: 1048576 } }
    ollama:
      profile: ollama
      baseUrl: ${ollama.url}/v1
      discovery: "off"
      models: { qwen3: { maxContextTokens: 32768 } }
    glm:
      profile: glm
      baseUrl: ${glm.url}/v4
      discovery: "off"
      auth: { type: apikey, secret: "env:OLD_KEY" }
      models: { glm-4.7: {} }
  webSearch:
    engines:
      - { id: brave, service: brave, secret: "env:SEARCH_KEY", description: "the open web, fresh news", default: true }
      - { id: google, providerKey: gemini.gemini-3.5-flash, description: "answers with sources" }
      - { id: own, service: searxng, baseUrl: "http://127.0.0.1:8888" }
  activeGroup: azure
  routingGroups:
    azure:
      label: Azure through LiteLLM
      modelMapping: { "gemini-*-lite": litellm.azure-gpt-5-mini }
      routing:
        default: [ { targets: [ litellm.azure-gpt-5, gemini.gemini-3.5-flash ] } ]
        longcontext: [ { targets: [ gemini.gemini-3.5-flash ] } ]
        background: [ { targets: [ litellm.azure-gpt-5-mini, ollama.qwen3, glm.glm-4.7 ] } ]
    native:
      label: Gemini, native
      routing: { default: [ { targets: [ gemini.gemini-3.5-flash ] } ] }
    local:
      label: Local (Ollama)
      routing: { default: [ { targets: [ ollama.qwen3 ] } ] }
`

const env = {
  PROXY_KEY: 'invented-0123456789',
  OWN_KEY: 'invented-9876543210',
  OLD_KEY: 'invented-5555555555',
  SEARCH_KEY: 'invented-4444444444',
  PATCHBAY_KEYCHAIN: 'off',
  GEMINI_CLI_HOME: '/nonexistent',
}
// the port people know; where something else has it, any other one is in the picture
const flags = (await isFree(4141)) ? ['--port', '4141'] : []

fs.mkdirSync(folder, { recursive: true })
const browser = await chromium.launch({
  executablePath: findChromium(),
  // containers run as root, which Chromium's sandbox refuses
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
try {
  await using gateway = await startGateway({ config, env, flags, control: ['--control-port', '0'] })
  inventTraffic(path.join(gateway.home, 'patchbay', 'state', 'exchanges.db'), Date.now())
  await happen(gateway)
  const asking = holdOneOpen(gateway)
  await take('overview', gateway, {})
  await take('overview-dark', gateway, { colorScheme: 'dark' })
  await take('overview-small', gateway, { viewport: { width: 760, height: 520 } })
  // many small words make a large picture
  await take('activity', gateway, { viewport: { width: 1180, height: 560 } }, 'Activity')
  for (const page of ['Providers', 'Health', 'Usage', 'Search']) await take(page.toLowerCase(), gateway, {}, page)
  await take('routing', gateway, {}, 'Routing', async (page) => {
    await page.getByLabel('Tokens of the request').fill('240000')
  })
  await take('settings', gateway, {}, 'Settings', (page) =>
    page.getByRole('heading', { name: 'Client keys' }).evaluate((heading) => heading.scrollIntoView()),
  )
  await asking.end()
  await using fresh = await startGateway({ env: { ...env, GEMINI_API_KEY: '' }, control: ['--control-port', '0'] })
  await take('first-run', fresh, {}, undefined)
  await takeAccounts()
} finally {
  await browser.close()
}

/** A few real requests: what rests, what was refused. */
async function happen(gateway: GatewayProcess): Promise<void> {
  azure.replyOnce({
    status: 429,
    headers: { 'retry-after': '300' },
    json: { error: { message: 'Rate limit reached', code: '429' } },
  })
  for (const model of ['glm.glm-4.7', 'litellm.azure-gpt-5-mini', 'gemini-3.5-pro', 'ollama.qwen3'])
    await ask(gateway, model)
  await callControl(gateway, 'createClientKey', { name: 'notebook' })
}

/** One request that is still under way, so that its cable is lit. */
function holdOneOpen(gateway: GatewayProcess): { end(): Promise<void> } {
  const gate = Promise.withResolvers<void>()
  azure.reply(async () => {
    await gate.promise
    return chatAnswer({ text: 'Hello.' })
  })
  const asked = ask(gateway, 'gemini-3.5-pro')
  // should something else go wrong meanwhile, that is what is to be told
  asked.catch(() => undefined)
  return {
    end: () => {
      gate.resolve()
      return asked
    },
  }
}

/** Logins at a real server, in a real keychain: two are signed in, one is not. */
async function takeAccounts(): Promise<void> {
  await using keyring = await startKeyringSession('unlocked')
  await using login = await startOAuthServer()
  const accounts = ['work', 'home', 'spare'].map((alias) => ({ alias, type: 'oauth', account: alias }))
  const company = { type: 'openai', baseUrl: `${azure.url}/v1`, discovery: 'off', models: { 'gpt-5': {} } }
  const providers = { company: { ...company, name: 'Company gateway', oauth: login.block, auth: accounts } }
  const routing = { default: [{ targets: ['company.gpt-5'] }] }
  await using gateway = await startGateway({
    config: { version: 1, virtualrouter: { providers, routing } },
    env: { ...env, ...keyring.env, PATCHBAY_KEYCHAIN: '' },
    control: ['--control-port', '0'],
  })
  for (const alias of ['work', 'home']) {
    const { answer } = await callControl(gateway, 'beginLogin', { provider: 'company', alias })
    await (await fetch((await signInAt(answer.url))!)).text()
  }
  await take('accounts', gateway, {}, 'Accounts')
}

async function take(
  name: string,
  { controlUrl }: GatewayProcess,
  options: BrowserContextOptions,
  title?: string,
  prepare?: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ viewport: usual, locale: 'en-GB', reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  await page.goto(controlUrl!)
  if (title) await page.getByRole('navigation').getByRole('link', { name: title, exact: true }).click()
  await page.getByLabel('Backend', { exact: true }).waitFor()
  await prepare?.(page)
  // what is told in bursts has been drawn
  await page.waitForTimeout(800)
  const file = path.join(folder, `${name}.png`)
  await page.screenshot({ path: file })
  await context.close()
  const { size } = fs.statSync(file)
  console.log(`${path.relative(process.cwd(), file)}  ${Math.round(size / 1000)} KB`)
  if (size > largestBytes) throw new Error(`${name}.png is larger than ${largestBytes} bytes`)
}

async function ask({ url, clientKey }: GatewayProcess, model: string): Promise<void> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-patchbay-key': clientKey ?? '' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello.' }] }),
  })
  await response.arrayBuffer()
}
