// npm run soak: what many requests do to the gateway's memory, and whether one of many streams fails while targets do.
// Exits with 1 when memory grows or a stream fails.
// Flags: --requests N (100000), --streams N open at once (1000), --rounds N of them (3), --only requests,streams
import { parseArgs } from 'node:util'
import type { Memory } from './settled-memory.ts'
import { openMany, sendMany } from './soak-load.ts'

const { values: flags } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    streams: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
  },
})
const wanted = flags.only?.split(',')
const mebibyte = 1024 * 1024
/** The most that memory may grow over 10,000 requests. */
const slopeLimit = 1
const warmUp = 10_000
const inMebibytes = (bytes: number) => (bytes / mebibyte).toFixed(1).padStart(6)

if (!wanted || wanted.includes('requests')) await requests(Number(flags.requests))
if (!wanted || wanted.includes('streams')) await streams(Number(flags.streams), Number(flags.rounds))

async function requests(count: number): Promise<void> {
  const readings = 10
  const each = Math.ceil(count / readings)
  console.log(`${count} requests, after ${warmUp} to warm up; MiB after a full collection\n`)
  console.log('requests    in use  resident')
  const read = ({ used, resident }: Memory, sent: number) =>
    console.log(`${String(sent).padStart(8)}    ${inMebibytes(used)}    ${inMebibytes(resident)}`)
  const found = await sendMany({ warmUp, each, readings, read })
  const slopeOf = (figures: number[]) => (slope(figures) / each / mebibyte) * 10_000
  const used = slopeOf(found.map((memory) => memory.used))
  const resident = slopeOf(found.map((memory) => memory.resident))
  console.log(`\nPer 10,000 requests: ${used.toFixed(3)} MiB in use, ${resident.toFixed(3)} MiB resident`)
  if (used >= slopeLimit || resident >= slopeLimit) process.exitCode = 1
}

async function streams(open: number, rounds: number): Promise<void> {
  console.log(`\n${open} streams at once, ${rounds} times, over 20 targets of which 6 fail at any moment`)
  const result = await openMany({ open, rounds, gapMs: 250 })
  const { failed, failedOver, failedCalls, mostOpen, seconds } = result
  console.log(`${result.streams} streams in ${seconds.toFixed(0)} s, ${mostOpen} open at once`)
  console.log(`${failedCalls} calls to targets failed, ${failedOver} streams took more than one call`)
  console.log(`${failed.length} streams failed`)
  for (const words of new Set(failed)) console.log(`  ${words}`)
  if (failed.length > 0) process.exitCode = 1
}

/** Of the straight line through figures at equal distances, by least squares. */
function slope(figures: number[]): number {
  const middle = (figures.length - 1) / 2
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length
  const rise = figures.reduce((sum, figure, index) => sum + (index - middle) * (figure - mean), 0)
  return rise / figures.reduce((sum, _, index) => sum + (index - middle) ** 2, 0)
}
