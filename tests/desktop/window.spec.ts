import { expect, type Page, test } from '@playwright/test'
import { answerDialog, click, dialogs, labelOf, pageOf, type Seen, type Started, start } from './launch.ts'

interface Bridge {
  call(name: string, input?: unknown): Promise<Record<string, unknown>>
  on(listener: (name: string, value: Record<string, unknown>) => void): () => void
  language(language: string): Promise<void>
}
declare const window: { patchbay: Bridge } & Record<string, unknown>
declare const document: {
  addEventListener(name: string, listener: (event: { effectiveDirective: string }) => void): void
  createElement(name: string): { textContent: string }
  head: { append(element: object): void }
}

let it: Started
let page: Page
test.beforeAll(async () => {
  it = await start(['--port', '0'])
  page = await pageOf(it.app)
})
test.afterAll(() => it.close())

test('the page reaches the contract, and nothing else of this program', async () => {
  await expect(page.getByText('Loading…')).toHaveCount(0)
  const state = await page.evaluate(() => window.patchbay.call('getState', {}))
  expect(state).toMatchObject({ activeGroup: 'default', url: it.url, paused: false })
  const visible = await page.evaluate(() =>
    ['require', 'process', 'ipcRenderer', 'Buffer'].filter((name) => window[name] !== undefined),
  )
  expect(visible).toEqual([])
  expect(await page.evaluate(() => [Object.keys(window.patchbay).sort(), Object.isFrozen(window.patchbay)])).toEqual([
    ['call', 'language', 'on'],
    true,
  ])
})

test('a refusal keeps its parts', async () => {
  const refusal = (name: string, input: unknown) =>
    page.evaluate(([name, input]) => window.patchbay.call(name as string, input).catch((thrown) => ({ ...thrown })), [
      name,
      input,
    ] as const)
  expect(await refusal('setActiveGroup', { group: 'x' })).toMatchObject({ status: 400, path: 'group' })
  expect(await refusal('setActiveGroup', { group: 1 })).toMatchObject({ status: 400, path: 'group' })
  expect(await refusal('no-such-call', {})).toMatchObject({ status: 404 })
})

test('what cannot be copied is refused before it leaves the page', async () => {
  const told = await page.evaluate(() =>
    window.patchbay.call('getState', { of: () => 1 }).then(
      () => 'went through',
      (thrown: unknown) => String((thrown as Error).message ?? thrown),
    ),
  )
  expect(told).toMatch(/could not be cloned/)
})

test('pushes reach the page until it stops listening', async () => {
  await page.evaluate(() => {
    const heard: unknown[] = []
    window.heard = heard
    window.stop = window.patchbay.on((name, { paused }) => heard.push([name, paused]))
  })
  await page.evaluate(() => window.patchbay.call('setPaused', { paused: true }))
  await expect.poll(() => page.evaluate(() => window.heard)).toContainEqual(['state', true])
  await page.evaluate(() => (window.stop as () => void)())
  await page.evaluate(() => window.patchbay.call('setPaused', { paused: false }))
  await expect.poll(() => page.evaluate(() => window.patchbay.call('getState', {}))).toMatchObject({ paused: false })
  expect(await page.evaluate(() => window.heard)).not.toContainEqual(['state', false])
})

test('the content security policy holds scripts and connections off', async () => {
  const violated = await page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const seen: string[] = []
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          seen.push(effectiveDirective)
          if (seen.length === 2) resolve(seen)
        })
        const script = document.createElement('script')
        script.textContent = 'window.owned = 1'
        document.head.append(script)
        fetch('https://example.invalid/').catch(() => {})
      }),
  )
  expect(violated.sort()).toEqual([expect.stringContaining('connect-src'), expect.stringContaining('script-src')])
  expect(await page.evaluate(() => window.owned)).toBeUndefined()
})

test('links go to the browser as https only, and never into a window of ours', async () => {
  await page.evaluate(() => {
    const open = window.open as unknown as (url: string) => void
    for (const url of ['https://example.invalid/a', 'http://example.invalid/b', 'file:///etc/passwd', 'https://u:p@x/'])
      open.call(window, url)
  })
  const opened = () => it.app.evaluate(() => (globalThis as unknown as { seen: Seen }).seen.opened)
  await expect.poll(opened).toEqual(['https://example.invalid/a'])
  expect(it.app.windows()).toHaveLength(1)
})

test('another window with the same preload script is refused', async () => {
  const opened = it.app.waitForEvent('window')
  await it.app.evaluate(({ app, BrowserWindow }) => {
    const preload = `${app.getAppPath()}/build/desktop/preload.cjs`
    const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true, contextIsolation: true } })
    void other.loadURL('app://patchbay/index.html')
  })
  const other = await opened
  await other.getByRole('heading').first().waitFor()
  const told = () =>
    other.evaluate(() =>
      window.patchbay.call('getState', {}).then(
        () => 'answered',
        (thrown: Error) => thrown.message,
      ),
    )
  expect(await told()).toContain('This page may not ask Patchbay anything.')
  await other.close()
})

test('the tray speaks as the window does', async () => {
  for (const [language, quit] of [
    ['zh', '退出'],
    ['en', 'Quit'],
  ] as const) {
    await page.evaluate((told) => window.patchbay.language(told), language)
    await expect.poll(() => labelOf(it.app, 'quit')).toBe(quit)
  }
})

test('a reload keeps the bridge', async () => {
  await page.reload()
  await expect.poll(() => page.evaluate(() => window.patchbay.call('getState', {}))).toMatchObject({ url: it.url })
})

test('a renderer that crashes: the gateway answers on, one dialog says so, and the window comes back', async () => {
  const before = (await dialogs(it.app)).length
  await it.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer())
  await expect.poll(async () => (await dialogs(it.app)).at(before)?.message).toBe('The window ended by itself.')
  expect((await fetch(`${it.url}/healthz`)).status).toBe(200)
  const opened = it.app.waitForEvent('window')
  await answerDialog(it.app, 0)
  page = await opened
  await page.getByRole('heading').first().waitFor()
  await expect.poll(() => it.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})

test('closed, it is gone with its renderer, and the gateway answers on; the tray opens it again', async () => {
  await page.close()
  await expect.poll(() => it.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0)
  expect((await fetch(`${it.url}/healthz`)).status).toBe(200)
  const opened = it.app.waitForEvent('window')
  await click(it.app, 'open')
  page = await opened
  await page.getByRole('heading').first().waitFor()
  expect(await page.evaluate(() => window.patchbay.call('getState', {}))).toMatchObject({ url: it.url })
})
