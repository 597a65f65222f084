import { describe, expect, test } from 'vitest'
import { dialectField, serviceProfileSchema } from '../../../src-core/config/service-profile-schema.ts'
import { plainDialect } from '../../../src-core/model/target.ts'

const profile = {
  id: 'x',
  name: 'X',
  type: 'openai',
  status: { state: 'active', since: '2026-11-20', source: 'https://x.example' },
  auth: ['apikey'],
}

describe('a service profile', () => {
  test('needs only its id, name, type, status and auth kinds', () => {
    expect(serviceProfileSchema.parse(profile)).toMatchObject({ discovery: 'none', builtIn: false })
  })

  test.each<[string, object]>([
    ['an unknown key', { endpoint: 'x' }],
    ['an unknown type', { type: 'cohere' }],
    ['an unknown kind of failure', { failures: [{ status: 429, kind: 'sad' }] }],
    ['a wait without a group', { waits: [{ message: 'again in [0-9]+s', unit: 's' }] }],
    ['a wait with a group that keeps nothing', { waits: [{ message: 'again in (?:[0-9]+)s', unit: 's' }] }],
    ['a literal client secret', { oauth: { flow: 'code', tokenUrl: 'https://x.example', clientSecret: 'hush' } }],
    ['no auth kind', { auth: [] }],
  ])('%s is refused', (_name, part) => {
    expect(serviceProfileSchema.safeParse({ ...profile, ...part }).success).toBe(false)
  })

  test('its dialect names everything the codecs read', () => {
    expect(dialectField.parse(plainDialect)).toEqual(plainDialect)
    const known = Object.keys(dialectField.shape)
    expect(known.filter((key) => !(key in plainDialect))).toEqual(['extraBody'])
  })
})
