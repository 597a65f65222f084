import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

/** Which rooms a file may import from. A room not listed here may not be imported at all. */
const floors: Record<string, { may: string[]; why: string }> = {
  'src-core/model': { may: [], why: 'the language knows nobody' },
  'src-core/config': { may: ['src-core/model'], why: 'settings are words, not behaviour' },
  'src-core/codecs': {
    may: ['src-core/model'],
    why: 'a codec knows its wire and the model; routing belongs to router/, reaching a service to providers/',
  },
  'src-core/router': {
    may: ['src-core/model', 'src-core/config'],
    why: 'decisions take values and give values; wire words belong to codecs/',
  },
  'src-core/web-search': { may: ['src-core/model', 'src-core/config'], why: 'engines are reached by a road handed in' },
  'src-core/observe': { may: ['src-core/model', 'src-core/config'], why: 'records are built from the stream of notes' },
  'src-core/auth': {
    may: ['src-core/model', 'src-core/config'],
    why: 'credentials answer one question: headersFor(target)',
  },
  'src-core/http': { may: ['src-core/model', 'src-core/config'], why: 'what every listener of ours needs' },
  'src-core/server': {
    may: ['src-core/model', 'src-core/config', 'src-core/codecs', 'src-core/observe', 'src-core/http'],
    why: 'the data port knows no provider and no routing',
  },
  'src-core/control': {
    may: [
      'src-core/model',
      'src-core/config',
      'src-core/observe',
      'src-core/auth',
      'src-core/http',
      'src-core/web-search',
    ],
    why: 'handlers are handed what they need by gateway.ts',
  },
  'src-core/providers': {
    may: ['src-core/model', 'src-core/config', 'src-core/codecs', 'src-core/auth'],
    why: 'transport never routes',
  },
  'src-core/tokens': {
    may: ['src-core/model', 'src-core/codecs'],
    why: 'an estimate knows requests and their bytes; what follows from it belongs to router/',
  },
  'src-core/clients': {
    may: ['src-core/model', 'src-core/config'],
    why: 'connecting a client touches files, not requests',
  },
  'src-core': { may: ['src-core/*'], why: 'gateway.ts is the one meeting place' },
  cli: { may: ['src-core/index.ts'], why: 'thin doors on src-core' },
  electron: { may: ['src-core/index.ts'], why: 'the desktop shell sees only the door' },
  renderer: { may: ['src-core/control/contract.ts'], why: 'the window talks one contract' },
}

const root = path.resolve(import.meta.dirname, '..')
const importPattern =
  /(?:import|export)\s[^'"]*?from\s*['"](\.[^'"]+)['"]|import\s*\(\s*['"](\.[^'"]+)['"]\s*\)|import\s+['"](\.[^'"]+)['"]/g

function sources(folder: string): string[] {
  const full = path.join(root, folder)
  if (!fs.existsSync(full)) return []
  return fs
    .readdirSync(full, { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
    .filter((name) => /\.tsx?$/.test(name))
}

function roomOf(file: string): string {
  const parts = file.split('/')
  if (parts[0] !== 'src-core') return parts[0]!
  return parts.length > 2 ? `src-core/${parts[1]}` : 'src-core'
}

function violations(): string[] {
  const found: string[] = []
  for (const file of ['src-core', 'cli', 'electron', 'renderer'].flatMap(sources)) {
    const room = roomOf(file)
    const floor = floors[room]
    if (!floor) {
      found.push(`${file}: the room ${room} has no floor; give it a line in tests/architecture.test.ts`)
      continue
    }
    for (const match of fs.readFileSync(path.join(root, file), 'utf8').matchAll(importPattern)) {
      const to = path.posix.join(path.posix.dirname(file), (match[1] ?? match[2] ?? match[3])!)
      if (to === 'package.json') continue // the version, and nothing else, stands there
      const toRoom = roomOf(to)
      if (toRoom === room || floor.may.includes(toRoom) || floor.may.includes(to)) continue
      if (floor.may.includes('src-core/*') && toRoom.startsWith('src-core')) continue
      found.push(`${file} imports ${to}: ${room} may import ${floor.may.join(', ') || 'nothing'} (${floor.why})`)
    }
  }
  return found
}

describe('floors', () => {
  test('an import only ever points down', () => {
    expect(violations()).toEqual([])
  })

  test('only gateway.ts and its halves meet more than three rooms', () => {
    const meetings = sources('src-core')
      .filter(
        (file) =>
          ![
            'src-core/gateway.ts',
            'src-core/gateway-control.ts',
            'src-core/gateway-control-parts.ts',
            'src-core/gateway-data-port.ts',
            'src-core/gateway-targets.ts',
            'src-core/gateway-search.ts',
            'src-core/index.ts',
          ].includes(file),
      )
      .map((file) => {
        const rooms = new Set<string>()
        for (const match of fs.readFileSync(path.join(root, file), 'utf8').matchAll(importPattern)) {
          const to = roomOf(path.posix.join(path.posix.dirname(file), (match[1] ?? match[2] ?? match[3])!))
          if (to !== roomOf(file) && to !== 'src-core/model') rooms.add(to)
        }
        return { file, rooms: [...rooms] }
      })
      .filter(({ rooms }) => rooms.length > 3)
    expect(meetings).toEqual([])
  })
})

/** Where what is made for one request lives: see docs/decisions/0012. */
const requestRooms = ['model', 'codecs', 'providers', 'router', 'server', 'observe', 'clients', 'tokens', 'web-search']
/** Accessors are free here: classes, and parts of the gateway that are made once. */
const madeOnce = ['providers/catalog', 'providers/reported-limits', 'server/heartbeat', 'model/roster'].concat(
  ['exact-counter', 'counted-sections'].map((name) => `tokens/${name}`),
)

test('what is made per request has no accessors', () => {
  const found: string[] = []
  for (const file of requestRooms.flatMap((room) => sources(`src-core/${room}`))) {
    if (madeOnce.some((name) => file === `src-core/${name}.ts`)) continue
    const text = fs.readFileSync(path.join(root, file), 'utf8')
    if (/^(?:export )?class /m.test(text)) continue
    for (const [, name] of text.matchAll(/^\s+get (\w+)\(\)/gm)) {
      found.push(`${file}: get ${name}() gives every object a hidden class of its own; make it a method (decision 12)`)
    }
  }
  expect(found).toEqual([])
})
