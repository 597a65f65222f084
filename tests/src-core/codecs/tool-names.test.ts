import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createToolNames } from '../../../src-core/codecs/tool-names.ts'

const openai = { maxLength: 64, allowed: /[A-Za-z0-9_-]/ }
const gemini = { maxLength: 128, allowed: /[A-Za-z0-9_.:-]/, first: /[A-Za-z_]/ }

describe('tool names', () => {
  test.each(['read_file', 'a-b', 'X', 'n'.repeat(64)])('%s is legal and stays', (name) => {
    const names = createToolNames(openai)
    expect(names.toWire(name)).toBe(name)
    expect(names.toClient.size).toBe(0)
  })

  test.each([
    ['mcp:files.read', /^mcp_files_read_[0-9a-f]{8}$/],
    ['wetter in Köln', /^wetter_in_K_ln_[0-9a-f]{8}$/],
    ['', /^t_[0-9a-f]{8}$/],
    ['x'.repeat(65), /^x{55}_[0-9a-f]{8}$/],
  ])('%s gets a readable alias that leads back', (name, alias) => {
    const names = createToolNames(openai)
    const wire = names.toWire(name)
    expect(wire).toMatch(alias)
    expect(names.toClient.get(wire)).toBe(name)
    expect(names.toWire(name)).toBe(wire)
  })

  test('the alias is the same in every request, so prompt caches hold', () => {
    expect(createToolNames(openai).toWire('a.b')).toBe(createToolNames(openai).toWire('a.b'))
  })

  test('Gemini takes dots and colons but no leading digit', () => {
    const names = createToolNames(gemini)
    expect(names.toWire('mcp:files.read')).toBe('mcp:files.read')
    expect(names.toWire('7zip')).toMatch(/^t7zip_[0-9a-f]{8}$/)
  })

  test('a client name equal to an alias already given away is told apart', () => {
    const alias = createToolNames(openai).toWire('a.b')
    const names = createToolNames(openai)
    expect(names.toWire('a.b')).toBe(alias)
    expect(names.toWire(alias)).not.toBe(alias)
    expect(names.toClient.get(names.toWire(alias))).toBe(alias)
  })

  test.each([openai, gemini])('any set of names stays legal, distinct and reversible (%#)', (rules) => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 20 }), (clientNames) => {
        const names = createToolNames(rules)
        const wires = clientNames.map((name) => names.toWire(name))
        expect(new Set(wires).size).toBe(clientNames.length)
        for (const [index, wire] of wires.entries()) {
          expect(wire.length).toBeLessThanOrEqual(rules.maxLength)
          expect(wire).toMatch(new RegExp(`^${rules.allowed.source}+$`))
          expect(names.toClient.get(wire) ?? wire).toBe(clientNames[index])
        }
      }),
    )
  })
})
