// npm run bench: the gateway against a bare relay and a direct connection, interleaved in one run.
// Prints ratios: the machine's own speed and its other work fall out of them.
// Flags: --rounds N (3), --seconds N of each throughput slice (2), --only latency,throughput,streams,body
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Call, connect, type Timing } from './client.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    only: { type: 'string' },
  },
})
const rounds = Number(flags.rounds)
const wanted = flags.only?.split(',')
const root = path.resolve(import.meta.dirname, '../..')
const children: ChildProcess[] = []

interface Subject {
  name: 'direct' | 'relay' | 'patchbay'
  port: number
  pid?: number
}

type RouteName = 'openai->openai' | 'gemini->gemini' | 'gemini->openai'

function start(argv: string[], env: NodeJS.ProcessEnv): Promise<{ line: Record<string, unknown>; pid: number }> {
  const child = spawn(process.execPath, argv, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  // its log belongs to what is measured, and into nobody's table
  let said = ''
  child.stderr!.on('data', (read) => {
    said = `${said}${read}`.slice(-2000)
  })
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout!.on('data', (read) => {
      text += read
      const end = text.indexOf('\n')
      if (end >= 0) resolve({ line: JSON.parse(text.slice(0, end)), pid: child.pid! })
    })
    child.once('exit', (code) => reject(new Error(`${argv.join(' ')} ended with ${code}\n${said}`)))
  })
}

async function startGateway(upstream: string, family: 'openai' | 'gemini'): Promise<Subject> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-bench-'))
  const config = {
    version: 1,
    gateway: { clientAuth: { mode: 'none' } },
    virtualrouter: {
      providers: {
        up: {
          type: family,
          baseUrl: upstream + (family === 'openai' ? '/v1' : '/v1beta'),
          auth: { type: 'apikey', secret: 'env:BENCH_KEY' },
          discovery: 'off',
          models: { '*': {} },
        },
      },
      modelMapping: { '*': 'up.*' },
      routing: { default: [{ targets: ['up.bench-n1-i0'] }] },
    },
  }
  fs.writeFileSync(path.join(home, 'config.yaml'), JSON.stringify(config))
  const { line, pid } = await start(['build/run.mjs', 'serve', '--port', '0', '--no-control'], {
    PATCHBAY_HOME: home,
    PATCHBAY_KEYCHAIN: 'off',
    BENCH_KEY: 'k',
  })
  return { name: 'patchbay', port: Number(new URL(String(line.url)).port), pid }
}

function call(route: RouteName, model: string, options: { stream?: boolean; bytes?: number } = {}): Call {
  const turn = 'The quick brown fox jumps over the "lazy" dog.\n'.repeat(20)
  const turns = Math.max(1, Math.round((options.bytes ?? 1024) / turn.length))
  if (route.startsWith('gemini')) {
    const contents = Array.from({ length: turns }, (_, index) => ({
      role: index % 2 ? 'model' : 'user',
      parts: [{ text: turn }],
    }))
    const method = options.stream ? 'streamGenerateContent?alt=sse' : 'generateContent'
    return { path: `/v1beta/models/${model}:${method}`, body: JSON.stringify({ contents }) }
  }
  const messages = Array.from({ length: turns }, (_, index) => ({
    role: index % 2 ? 'assistant' : 'user',
    content: turn,
  }))
  return { path: '/v1/chat/completions', body: JSON.stringify({ model, messages, stream: options.stream ?? false }) }
}

const median = (list: number[]) => list.toSorted((one, other) => one - other)[list.length >> 1] ?? Number.NaN
const rotate = <T>(list: T[], by: number) => list.map((_, index) => list[(index + by) % list.length]!)

const rows: { route: RouteName; what: string; ratios: number[]; better: 'less' | 'more'; detail: string }[] = []

/** One request to each in turn, at concurrency 1; what counts is the time added to the direct connection. */
async function latency(
  route: RouteName,
  subjects: Subject[],
  what: string,
  request: Call,
  times: number,
  pick: (timing: Timing) => number,
) {
  const ratios: number[] = []
  let detail = ''
  for (let round = 0; round < rounds; round++) {
    const lines = await Promise.all(
      subjects.map(async (subject) => ({ subject, connection: await connect(subject.port), figures: [] as number[] })),
    )
    for (let index = -10; index < times; index++) {
      for (const line of rotate(lines, Math.abs(index) % lines.length)) {
        const timing = await line.connection.request(request)
        if (timing.status !== 200) throw new Error(`${line.subject.name} answered ${timing.status}`)
        if (index >= 0) line.figures.push(pick(timing))
      }
    }
    for (const line of lines) line.connection.close()
    const of = (name: Subject['name']) => median(lines.find((line) => line.subject.name === name)!.figures)
    ratios.push((of('patchbay') - of('direct')) / (of('relay') - of('direct')))
    detail = `adds ${((of('patchbay') - of('direct')) / 1000).toFixed(2)} ms, the relay ${((of('relay') - of('direct')) / 1000).toFixed(2)} ms`
  }
  rows.push({ route, what, ratios, better: 'less', detail })
}

/** A closed loop on `concurrency` connections. */
async function throughput(route: RouteName, subjects: Subject[], what: string, request: Call, concurrency: number) {
  const ratios: number[] = []
  let detail = ''
  for (let round = -1; round < rounds; round++) {
    const rates = new Map<string, number>()
    for (const subject of rotate(
      subjects.filter(({ name }) => name !== 'direct'),
      Math.max(round, 0),
    )) {
      const connections = await Promise.all(Array.from({ length: concurrency }, () => connect(subject.port)))
      const until = Date.now() + Number(flags.seconds) * 1000
      let done = 0
      await Promise.all(
        connections.map(async (connection) => {
          while (Date.now() < until) {
            await connection.request(request)
            done++
          }
          connection.close()
        }),
      )
      rates.set(subject.name, done / Number(flags.seconds))
    }
    if (round < 0) continue // warm-up
    ratios.push(rates.get('patchbay')! / rates.get('relay')!)
    detail = `${Math.round(rates.get('patchbay')!)} requests/s, the relay ${Math.round(rates.get('relay')!)}`
  }
  rows.push({ route, what, ratios, better: 'more', detail })
}

/** How long a stamped event is under way, with many streams open. */
async function streams(route: RouteName, subjects: Subject[], concurrency: number) {
  const ratios: number[] = []
  let detail = ''
  const request = call(route, 'bench-n100-i10', { stream: true })
  for (let round = 0; round < rounds; round++) {
    const delays = new Map<string, number>()
    for (const subject of rotate(subjects, round)) {
      const all = await Promise.all(
        Array.from({ length: concurrency }, async () => {
          const connection = await connect(subject.port)
          const timing = await connection.request(request)
          connection.close()
          return timing.delays
        }),
      )
      delays.set(subject.name, median(all.flat()))
    }
    ratios.push(delays.get('patchbay')! / delays.get('relay')!)
    detail = `${(delays.get('patchbay')! / 1000).toFixed(2)} ms, the relay ${(delays.get('relay')! / 1000).toFixed(2)} ms`
  }
  rows.push({ route, what: `event delay, ${concurrency} streams`, ratios, better: 'less', detail })
}

function residentMemory(pid: number): string {
  const line = /VmRSS:\s+(\d+)/.exec(
    fs.existsSync(`/proc/${pid}/status`) ? fs.readFileSync(`/proc/${pid}/status`, 'utf8') : '',
  )
  return line ? `${Math.round(Number(line[1]) / 1024)} MiB` : 'not known on this system'
}

async function measure(route: RouteName, subjects: Subject[]) {
  const may = (part: string) => !wanted || wanted.includes(part)
  const stream = call(route, 'bench-n100-i0', { stream: true })
  const whole = call(route, 'bench-n4-i0')
  if (may('latency')) {
    await latency(route, subjects, 'JSON, added time', whole, 300, (timing) => timing.total)
    await latency(route, subjects, 'SSE, added time to the first byte', stream, 150, (timing) => timing.firstByte)
    await latency(route, subjects, 'SSE of 100 events, added time', stream, 150, (timing) => timing.total)
  }
  if (may('body')) {
    for (const [label, bytes, times] of [
      ['64 KB', 65_536, 60],
      ['1 MB', 1 << 20, 20],
      ['4 MB', 4 << 20, 10],
    ] as const) {
      await latency(
        route,
        subjects,
        `${label} request, added time`,
        call(route, 'bench-n4-i0', { bytes }),
        times,
        (timing) => timing.total,
      )
    }
  }
  if (may('streams')) await streams(route, subjects, 32)
  if (may('throughput')) {
    await throughput(route, subjects, 'JSON, 32 at once', whole, 32)
    await throughput(route, subjects, 'SSE of 100 events, 32 at once', stream, 32)
  }
}

function print(memory: string) {
  const width = Math.max(...rows.map(({ what }) => what.length))
  console.log('\nRatios to a bare node:http relay (median of rounds, lowest to highest)\n')
  let route = ''
  for (const row of rows) {
    if (row.route !== route) console.log(`${row.route}`)
    route = row.route
    const sorted = row.ratios.toSorted((one, other) => one - other)
    const range = `${sorted[0]!.toFixed(2)} to ${sorted.at(-1)!.toFixed(2)}`
    console.log(
      `  ${row.what.padEnd(width)}  ${median(row.ratios).toFixed(2)}x  (${range}; ${row.better} is better)  ${row.detail}`,
    )
  }
  console.log(`\nMemory of an idle gateway: ${memory}`)
}

try {
  const provider = await start(['tests/bench/fake-provider.ts'], {})
  const upstream = `http://127.0.0.1:${provider.line.port}`
  const relay = await start(['tests/bench/relay.ts'], { UPSTREAM: upstream })
  const base: Subject[] = [
    { name: 'direct', port: Number(provider.line.port) },
    { name: 'relay', port: Number(relay.line.port) },
  ]
  const openai = await startGateway(upstream, 'openai')
  const gemini = await startGateway(upstream, 'gemini')
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const memory = residentMemory(openai.pid!)
  await measure('openai->openai', [...base, openai])
  await measure('gemini->gemini', [...base, gemini])
  await measure('gemini->openai', [...base, openai])
  print(memory)
} finally {
  for (const child of children) child.kill()
}
process.exit(0)
