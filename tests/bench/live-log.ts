import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright'
import type { GatewayProcess } from '../helpers/gateway-process.ts'
import { connect } from './client.ts'

// The live log under load: how long the frames of the Activity page are while requests come in.

// of the page, in what is run there
declare function requestAnimationFrame(callback: (at: number) => void): void
declare const document: { querySelector(selector: string): { scrollBy(x: number, y: number): void } | null }

const perSecond = 200
const connections = 8
const traceMs = 10_000
/** A frame longer than this is seen as a jerk. */
const tooLongMs = 50

const call = {
  path: '/v1/chat/completions',
  body: JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'Hello.' }] }),
}

/** Makes so many exchanges to show. No faster than the log on disk takes them: what a flood leaves out has no row. */
export async function fillLog(gateway: GatewayProcess, count: number): Promise<void> {
  const load = startLoad(gateway)
  await wait((count * 1000) / perSecond)
  await load.stop()
}

/** A line for each: nothing happens, 200 requests a second, the same while somebody scrolls. */
export async function liveLogFigures(page: Page, gateway: GatewayProcess): Promise<void> {
  await page.getByRole('button', { name: 'Load older ones' }).evaluate(async (button) => {
    const older = button as unknown as { isConnected: boolean; click(): void }
    // one that is loading hears no click
    while (older.isConnected) {
      older.click()
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
  })
  const rows = Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1
  console.log(`live log, ${rows} rows, no request:    ${await frames(page, 0)}`)
  await wait(2000)
  const load = startLoad(gateway)
  await wait(2000)
  console.log(`live log, ${perSecond} requests a second:  ${await frames(page, 0)}`)
  console.log(`the same, while somebody scrolls: ${await frames(page, 60)}`)
  const made = await load.stop()
  console.log(`requests made: ${made.toFixed(0)} a second`)
}

/** Requests on a clock, however long each takes. Stopping tells how many a second there were. */
function startLoad({ url }: GatewayProcess): { stop(): Promise<number> } {
  const started = performance.now()
  let due = 0
  let stopped = false
  const each = Array.from({ length: connections }, async () => {
    const connection = await connect(Number(new URL(url).port))
    while (!stopped) {
      const late = started + (due++ * 1000) / perSecond - performance.now()
      if (late > 0) await wait(late)
      const { status } = await connection.request(call)
      if (status !== 200) throw new Error(`a request of the load was answered with ${status}`)
    }
    connection.close()
  })
  return {
    async stop() {
      stopped = true
      await Promise.all(each)
      return (due * 1000) / (performance.now() - started)
    },
  }
}

/**
 * The time between frames as the page sees it, scrolled down by so many pixels in each; and what the page's own work
 * took of the processor at once, which other programs of a busy machine do not lengthen.
 */
async function frames(page: Page, scrolled: number): Promise<string> {
  const browser = page.context().browser()!
  await browser.startTracing(page, { categories: ['toplevel'] })
  const lengths = await page.evaluate(
    ([traceMs, scrolled]) =>
      new Promise<number[]>((resolve) => {
        const list = document.querySelector('[role=rowgroup]')
        const lengths: number[] = []
        const started = performance.now()
        let before = started
        const look = (): void => {
          const now = performance.now()
          lengths.push(now - before)
          before = now
          if (scrolled) list?.scrollBy(0, scrolled)
          if (now - started < traceMs) requestAnimationFrame(look)
          else resolve(lengths)
        }
        requestAnimationFrame(look)
      }),
    [traceMs, scrolled] as const,
  )
  const tasks = tasksOf(await browser.stopTracing())
  const tooLong = (all: number[]) =>
    `largest ${Math.max(...all).toFixed(0)} ms, ${all.filter((ms) => ms > tooLongMs).length} over ${tooLongMs} ms`
  return `${lengths.length} frames, ${tooLong(lengths)}; the page's own tasks: ${tooLong(tasks)}`
}

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  /** Microseconds of the processor. */
  tdur?: number
  args: { name?: string }
}

/** Milliseconds of the processor for each task of the thread that runs the page. */
function tasksOf(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] }
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  return traceEvents
    .filter(({ name, pid, tid, tdur }) => tdur && name.endsWith('RunTask') && mains.has(`${pid} ${tid}`))
    .map(({ tdur }) => tdur! / 1000)
}
