import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'

/** The app under test: this checkout, or an extracted package. */
export const appFolder = process.env.PATCHBAY_APP ?? path.resolve(import.meta.dirname, '../..')

export interface Started {
  app: ElectronApplication
  home: string
  /** Where clients reach the gateway. */
  url: string
  clientKey: string
  close(): Promise<void>
}

/** What observe.cjs keeps, as a spec may ask for it. */
export interface Seen {
  menu: { getMenuItemById(id: string): { label: string; checked: boolean; enabled: boolean; click(): void } | null }
  tooltip: string
  dialogs: { message: string; detail: string; buttons: string[]; answer(response: number): void }[]
  opened: string[]
  notifications: { title: string; body: string; emit(event: 'click'): void }[]
}

export function environment(home: string): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(GEMINI|AZURE|LITELLM|PATCHBAY|GOOGLE)_/.test(name),
  )
  return {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    HOME: home,
    PATCHBAY_HOME: home,
    PATCHBAY_KEYCHAIN: 'off',
    PATCHBAY_LOG: 'error',
    GEMINI_CLI_HOME: home,
    // there is no session bus to ask: a script answers in its place
    ...(process.platform === 'linux' && { PATH: `${path.join(import.meta.dirname, 'bin')}:${process.env.PATH}` }),
  }
}

/** Electron's command line: our observer first, then the app. Containers run tests as root, which needs the switch. */
export const commandLine = (...flags: string[]): string[] => [
  '-r',
  path.join(import.meta.dirname, 'observe.cjs'),
  ...(process.platform === 'linux' ? ['--no-sandbox'] : []),
  appFolder,
  ...flags,
]

export async function start(flags: string[], config?: object, env: Record<string, string> = {}): Promise<Started> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-desktop-'))
  if (config) fs.writeFileSync(path.join(home, 'config.yaml'), JSON.stringify(config))
  const app = await _electron.launch({ args: commandLine(...flags), env: { ...environment(home), ...env } })
  app.once('close', () => fs.rmSync(home, { recursive: true, force: true }))
  return {
    app,
    home,
    get url() {
      return JSON.parse(fs.readFileSync(path.join(home, 'state', 'gateway.json'), 'utf8')).url
    },
    get clientKey() {
      return fs.readFileSync(path.join(home, 'state', 'client-key'), 'utf8').trim()
    },
    close: () => app.close(),
  }
}

/** The window, when it shows its page: before that it is an empty document. */
export async function pageOf(app: ElectronApplication): Promise<Page> {
  const page = await app.firstWindow()
  await page.getByRole('heading').first().waitFor()
  return page
}

export const labelOf = (app: ElectronApplication, id: string): Promise<string | undefined> =>
  app.evaluate((_electron, id) => (globalThis as unknown as { seen: Seen }).seen.menu?.getMenuItemById(id)?.label, id)

export const click = (app: ElectronApplication, id: string): Promise<void> =>
  app.evaluate((_electron, id) => {
    const item = (globalThis as unknown as { seen: Seen }).seen.menu.getMenuItemById(id)
    if (!item) throw new Error(`no menu item ${id}`)
    item.click()
  }, id)

/** The dialogs shown so far, as a person reads them. */
export const dialogs = (app: ElectronApplication): Promise<{ message: string; detail: string; buttons: string[] }[]> =>
  app.evaluate(() =>
    (globalThis as unknown as { seen: Seen }).seen.dialogs.map(({ message, detail, buttons }) => ({
      message,
      detail,
      buttons,
    })),
  )

export const answerDialog = (app: ElectronApplication, response: number): Promise<void> =>
  app.evaluate(
    (_electron, response) => (globalThis as unknown as { seen: Seen }).seen.dialogs.at(-1)!.answer(response),
    response,
  )

/** A client's request; the status and what came. */
export function ask(
  { url, clientKey }: Pick<Started, 'url' | 'clientKey'>,
  body: object = { messages: [{ role: 'user', content: 'hi' }] },
): Promise<{ status: number; target: string | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-patchbay-key': clientKey, 'content-type': 'application/json' }
    const request = http.request(
      `${url}/v1/chat/completions`,
      { method: 'POST', headers, agent: false },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (piece) => {
          text += piece
        })
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode!, target: response.headers['x-patchbay-target']?.toString(), text }),
        )
      },
    )
    request.on('error', reject)
    request.end(JSON.stringify({ model: 'any', ...body }))
  })
}
