import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Browser, chromium, type Page } from 'playwright'
import { findChromium } from '../helpers/find-chromium.ts'
import { startGateway } from '../helpers/gateway-process.ts'
import { fillLog, liveLogFigures } from './live-log.ts'
import { switchFigures } from './switch.ts'

// What the window costs and how quick it is, as `npm run bench:window` (Linux): figures for docs/desktop.md. Run it on
// a quiet machine; the desktop app runs under the stand-in, so its first figure is not Electron's.

// of the page, in what is run there
declare const document: {
  querySelectorAll(selector: string): { length: number }
}
declare function requestAnimationFrame(callback: () => void): void

const pages = ['Overview', 'Providers', 'Routing', 'Activity', 'Health', 'Usage', 'Settings']
const idleMs = 30_000

const chromiumPath = findChromium() ?? chromium.executablePath()
process.env.ELECTRON_OVERRIDE_DIST_PATH = path.resolve(import.meta.dirname, '../desktop/standin')
process.env.STANDIN_CHROMIUM = chromiumPath

await gatewayFigures()
await logFigures()
await readyFigures()
const { took, broken } = await switchFigures()
console.log(`switch to the next answer, 50 streams open: ${figures(took)}, ${broken} streams broken`)

async function gatewayFigures(): Promise<void> {
  await using gateway = await startGateway({ control: ['--control-port', '0'], env: { PATCHBAY_KEYCHAIN: 'off' } })
  await using browser = await openBrowser()
  const page = await browser.newPage()
  await page.goto(gateway.controlUrl!)
  await page.getByLabel('Backend', { exact: true }).waitFor()
  // by then a user has found the link
  await wait(1000)
  const first: number[] = []
  const again: number[] = []
  for (const name of pages) first.push(await switchTo(page, name))
  for (let round = 0; round < 5; round++) for (const name of pages) again.push(await switchTo(page, name))
  console.log(`page switch, first time: ${figures(first)}`)
  console.log(`page switch, again:      ${figures(again)}`)
  await switchTo(page, 'Overview')
  await wait(3000)
  console.log(`idle gateway, window open:   ${await idle(gateway.pid)}`)
  await browser.close()
  await wait(3000)
  console.log(`idle gateway, window closed: ${await idle(gateway.pid)}`)
}

async function logFigures(): Promise<void> {
  await using gateway = await startGateway({
    config: {
      gateway: { clientAuth: { mode: 'none' } },
      virtualrouter: {
        providers: { demo: { profile: 'demo', models: { m: {} } } },
        routing: { default: [{ targets: ['demo.m'] }] },
      },
    },
    control: ['--control-port', '0'],
    env: { PATCHBAY_KEYCHAIN: 'off' },
  })
  await fillLog(gateway, 10_000)
  await using browser = await openBrowser()
  const page = await browser.newPage()
  await page.goto(gateway.controlUrl!)
  await page.getByRole('navigation').getByRole('link', { name: 'Activity', exact: true }).click()
  await page.getByRole('grid').waitFor()
  await liveLogFigures(page, gateway)
}

function openBrowser(): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath: chromiumPath, args })
}

/** From the click until the page has been painted, as the page itself measures it. */
async function switchTo(page: Page, name: string): Promise<number> {
  const link = page.getByRole('navigation').getByRole('link', { name, exact: true })
  await link.evaluate((element) => {
    const seen = globalThis as unknown as { painted?: Promise<number> }
    const started = performance.now()
    seen.painted = new Promise((resolve) => {
      const look = (): void => {
        const isOpen = element.getAttribute('aria-current') === 'page'
        const content = document.querySelectorAll('main > :not(h1, p)').length > 0
        // the frame after the one it was found in has been painted
        if (isOpen && content) requestAnimationFrame(() => resolve(performance.now() - started))
        else requestAnimationFrame(look)
      }
      ;(element as unknown as { click(): void }).click()
      look()
    })
  })
  return page.evaluate(() => (globalThis as unknown as { painted: Promise<number> }).painted)
}

async function idle(pid: number): Promise<string> {
  const before = ticks(pid)
  await wait(idleMs)
  // a tick is 10 ms
  return `${(((ticks(pid) - before) * 10 * 100) / idleMs).toFixed(2)} % of one core`
}

function ticks(pid: number): number {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return Number(fields[11]) + Number(fields[12])
}

async function readyFigures(): Promise<void> {
  const { click, labelOf, start } = await import('../desktop/launch.ts')
  const opened: number[] = []
  for (let round = 0; round < 5; round++) {
    const it = await start(['--port', '0', '--hidden'])
    while (!(await labelOf(it.app, 'open'))) await wait(50)
    const started = performance.now()
    const window = it.app.waitForEvent('window')
    await click(it.app, 'open')
    await (await window).getByLabel('Backend', { exact: true }).waitFor()
    opened.push(performance.now() - started)
    await it.close()
  }
  console.log(`window ready after the click (stand-in): ${figures(opened)}`)
}

function figures(all: readonly number[]): string {
  const sorted = all.toSorted((one, other) => one - other)
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!)
  return `p50 ${at(0.5)} ms, largest ${at(1)} ms`
}
