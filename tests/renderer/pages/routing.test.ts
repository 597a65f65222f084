import { describe, expect, test } from 'vitest'
import { limitZones, placeOf, ratioAt, tokensAt, zoneOf } from '../../../renderer/pages/routing/limit-zones.ts'
import { modelOf } from '../../../renderer/pages/routing/model-of.ts'
import { whatIfPath } from '../../../renderer/pages/routing/what-if-path.ts'
import { whatIfRequest } from '../../../renderer/pages/routing/what-if-request.ts'
import { decodeRequest } from '../../../src-core/codecs/openai-chat/decode-request.ts'

describe('the bar of a window', () => {
  const zones = limitZones(100_000, 0.9, 1_000_000)

  test.each([
    [0, 'safe'],
    [89_999, 'safe'],
    [90_000, 'risky'],
    [100_000, 'risky'],
    [100_001, 'overflow'],
  ])('%i tokens are %s', (tokens, zone) => {
    expect(zoneOf(tokens, zones)).toBe(zone)
  })

  test('bars share the scale of the largest window, and show what is beyond their own', () => {
    expect(zones.scale).toBeCloseTo(1_100_000)
    expect(limitZones(2_000_000, 0.9, 1_000_000).scale).toBeCloseTo(2_200_000)
    expect(placeOf(zones.limit, zones)).toBeLessThan(1)
    expect([placeOf(0, zones), placeOf(9_000_000, zones)]).toEqual([0, 1])
  })

  test('a dragged line means the tokens under it, and a ratio the config takes', () => {
    for (const tokens of [0, 1, 50_000, 99_999, 1_000_000]) expect(tokensAt(placeOf(tokens, zones), zones)).toBe(tokens)
    expect(ratioAt(placeOf(75_300, zones), zones)).toBe(0.75)
    expect([ratioAt(-1, zones), ratioAt(0, zones), ratioAt(1, zones)]).toEqual([0.1, 0.1, 0.99])
  })
})

test.each([
  ['one.m', 'one', 'm'],
  ['one.m.v1', 'one', 'm.v1'],
  ['one[work].m', 'one', 'm'],
  ['one.m[x].y', 'one', 'm[x].y'],
])('the model of %s is named as the config does', (target, provider, model) => {
  expect(modelOf(target, provider)).toBe(model)
})

test.each([
  [false, false],
  [true, false],
  [false, true],
  [true, true],
])('a what-if with media %s and tools %s is a request with these traits', (media, tools) => {
  const { path, body, tokens, config } = whatIfRequest({ model: 'x', tokens: 5, media, tools }, 'version: 1')
  const wire = { id: '', protocol: 'openai-chat', envelope: 'none', path, headers: {} } as const
  const request = decodeRequest({ ...wire, body: Buffer.from(JSON.stringify(body)) })
  expect(request.model).toBe('x')
  expect(request.traits).toMatchObject({ media, tools })
  expect([tokens, config]).toEqual([5, 'version: 1'])
})

describe('the way of a request, drawn', () => {
  const to = (target: string) => ({
    target,
    route: 'default',
    verdict: 'safe' as const,
    limit: 1,
    limitFrom: 'config' as const,
  })
  const drawn = (route: string, order: string[], skipped: string[], routes: string[]) => {
    const { cables, ...path } = whatIfPath(
      { route, order: order.map(to), skipped: skipped.map((target) => ({ target, because: 'x' })) },
      routes,
    )
    return {
      routes: path.routes.map(({ id, taken }) => (taken ? `(${id})` : id)),
      targets: path.targets.map(({ id, place }) => `${id} ${place}`),
      cables: cables.map(({ key, kind }) => `${key} ${kind}`),
    }
  }

  test('the first target is taken, the others wait, the skipped ones have no cable', () => {
    expect(drawn('default', ['a.m', 'b.m'], ['c.m', 'a.m'], ['default', 'vision'])).toEqual({
      routes: ['(default)', 'vision'],
      targets: ['a.m first', 'b.m spare', 'c.m skipped'],
      cables: ['a.m taken', 'b.m spare', ' request taken'],
    })
  })

  test('nobody to call: the request ends at its route', () => {
    expect(drawn('default', [], ['c.m'], ['default'])).toMatchObject({
      targets: ['c.m skipped'],
      cables: [' request taken'],
    })
  })

  test('many: few are drawn, and the taken route among them', () => {
    const many = Array.from({ length: 20 }, (_, index) => `r${index}`)
    const { routes, targets } = drawn('r19', many, [], many)
    expect([routes.length, routes.at(-1), targets.length]).toEqual([6, '(r19)', 6])
    expect(drawn('direct', ['a.m'], [], ['default']).routes).toEqual(['(direct)', 'default'])
  })
})
