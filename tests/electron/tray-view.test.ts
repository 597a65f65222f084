import { describe, expect, test } from 'vitest'
import { ago, countdown, groupMark, iconState } from '../../electron/tray-view.ts'
import type { HealthOf, HealthView, StateView } from '../../src-core/index.ts'

const of = (state: HealthOf['state']): HealthOf => ({ state, since: 0, until: 0 })

function viewOf({
  targets,
  off = [],
  keyless = [],
  paused = false,
}: {
  targets: string[]
  off?: string[]
  keyless?: string[]
  paused?: boolean
}) {
  const providers = ['a', 'b'].map((id) => ({
    id,
    name: id,
    profile: id,
    protocol: 'openai-chat',
    baseUrl: '',
    enabled: !off.includes(id),
    noCredential: keyless.includes(id) ? [{ alias: 'default', because: 'it is not set' }] : [],
  }))
  const group = { id: 'g', label: 'g', active: true, targets }
  const state = { groups: [group], providers, paused, activeGroup: 'g' } as unknown as StateView
  return { state, group }
}

describe('how a backend is', () => {
  const cases: [
    name: string,
    parts: Parameters<typeof viewOf>[0],
    Record<string, HealthOf['state']>,
    string,
    string,
  ][] = [
    ['everything answers', { targets: ['a.m', 'b.m'] }, {}, 'healthy', 'running'],
    ['one of two rests', { targets: ['a.m', 'b.m'] }, { 'a.m': 'cooling' }, 'cooling', 'degraded'],
    ['one of two is out', { targets: ['a.m', 'b.m'] }, { 'a.m': 'tripped' }, 'cooling', 'degraded'],
    ['all are out', { targets: ['a.m', 'b.m'] }, { 'a.m': 'tripped', 'b.m': 'tripped' }, 'tripped', 'no-backend'],
    ['the key is refused', { targets: ['a.m'] }, { 'a[work]': 'tripped' }, 'tripped', 'no-backend'],
    ['there is no key', { targets: ['a.m'], keyless: ['a'] }, {}, 'tripped', 'no-backend'],
    ['its provider is switched off', { targets: ['a.m'], off: ['a'] }, {}, 'off', 'no-backend'],
    ['one of two is switched off', { targets: ['a.m', 'b.m'], off: ['b'] }, {}, 'healthy', 'running'],
    ['another one is out', { targets: ['a.m'] }, { 'b.m': 'tripped' }, 'healthy', 'running'],
    ['any model: as the provider is', { targets: ['a.*'] }, { 'a.x': 'cooling' }, 'cooling', 'degraded'],
    ['pinned to a credential', { targets: ['a[work].m'] }, { 'a[work]': 'tripped' }, 'tripped', 'no-backend'],
    ['it lists nothing', { targets: [] }, {}, 'unknown', 'running'],
    ['paused', { targets: ['a.m'], paused: true }, {}, 'healthy', 'paused'],
  ]

  test.each(cases)('%s', (_name, parts, failing, mark, icon) => {
    const { state, group } = viewOf(parts)
    const health: HealthView = { targets: [], credentials: [] }
    for (const [id, one] of Object.entries(failing)) {
      if (id.endsWith(']')) health.credentials.push({ credential: id, ...of(one) })
      else health.targets.push({ target: id, ...of(one) })
    }
    expect(groupMark(group, state, health)).toBe(mark)
    expect(iconState({ state, health, accounts: [], hasTerminal: false, language: 'en', shell: 'bash', now: 0 })).toBe(
      icon,
    )
  })
})

test.each([
  [42_000, '0:42'],
  [41_001, '0:42'],
  [-5, '0:00'],
  [61_000, '1:01'],
  [3_600_000, '1 h 00 min'],
  [5 * 3_600_000 + 7 * 60_000, '5 h 07 min'],
])('%i ms: back in %s', (ms, words) => {
  expect(countdown(1_000_000 + ms, 1_000_000)).toBe(words)
})

test.each([
  [0, 'just now'],
  [59_999, 'just now'],
  [120_000, '2 min ago'],
  [3 * 3_600_000, '3 h ago'],
])('%i ms: %s', (ms, words) => {
  expect(ago(1_000_000, 1_000_000 + ms)).toBe(words)
})
