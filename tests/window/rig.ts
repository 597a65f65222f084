import fs from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'
import { chatAnswer } from '../helpers/answers.ts'
import { type GatewayProcess, startGateway } from '../helpers/gateway-process.ts'
import { type ScriptedProvider, startScriptedProvider } from '../helpers/scripted-provider.ts'

export { expect }

/** A gateway as a user starts it, between the window and two services. */
export interface Bay {
  gateway: GatewayProcess
  /** One service behind each of two providers. */
  north: ScriptedProvider
  south: ScriptedProvider
  /** A request of a client; resolves with the target that answered and the status. */
  ask(model?: string, words?: string): Promise<{ target: string | null; status: number }>
  config(): string
}

const configText = (north: string, south: string) => `version: 1
gateway: { clientAuth: { mode: none }, recordBodies: true }
virtualrouter:
  providers:
    north: { type: openai, baseUrl: ${north}/v1, discovery: "off", auth: { type: apikey, secret: "env:NORTH_KEY" }, models: { large: { maxContextTokens: 1000 } } }
    south: { type: openai, baseUrl: ${south}/v1, discovery: "off", auth: { type: none }, models: { small: {} } }
  activeGroup: home
  routingGroups:
    home:
      label: At home
      routing:
        default:
          # north first, it knows more
          - targets: [north.large, south.small]
    away:
      label: On the road
      routing:
        default:
          - targets: [south.small]
`

export const test = base.extend<{ bay: Bay }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern
  async bay({}, use) {
    await using north = await startScriptedProvider(chatAnswer({ text: 'From the north.' }))
    await using south = await startScriptedProvider(chatAnswer({ text: 'From the south.' }))
    await using gateway = await startGateway({
      config: configText(north.url, south.url),
      control: ['--control-port', '0'],
      env: { NORTH_KEY: 'north-key-0123456789', GEMINI_CLI_HOME: '/nonexistent', PATCHBAY_KEYCHAIN: 'off' },
    })
    await use({
      gateway,
      north,
      south,
      ask: (model, words) => ask(gateway, model, words),
      config: () => fs.readFileSync(gateway.configFile!, 'utf8'),
    })
  },
})

async function ask({ url }: GatewayProcess, model = 'any', words = 'Hello.') {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: words }] }),
  })
  await response.arrayBuffer()
  return { target: response.headers.get('x-patchbay-target'), status: response.status }
}

/** Opens a page of the window and waits until the gateway has told its state. */
export async function open(page: Page, { gateway }: Bay, name = 'Overview'): Promise<void> {
  await page.goto(gateway.controlUrl!)
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
  await expect(page.getByLabel('Backend', { exact: true })).toBeVisible()
}

/** What axe finds wrong, as lines to read. */
export async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze()
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  )
}
