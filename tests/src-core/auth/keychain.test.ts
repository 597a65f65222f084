import { describe, expect, test } from 'vitest'
import { largestEntry } from '../../../src-core/auth/entry-parts.ts'
import { createKeychain } from '../../../src-core/auth/keychain.ts'
import { KeychainError, keychainError } from '../../../src-core/auth/keychain-error.ts'
import { locked, rigKeychain } from './keychain-rig.ts'

const troubleOf = (thrown: unknown) => (thrown instanceof KeychainError ? thrown.trouble : thrown)

describe('values of any length', () => {
  test.each([
    ['short', 'sk-1', 1],
    ['as long as one entry', 'x'.repeat(largestEntry), 1],
    ['one byte more', 'x'.repeat(largestEntry + 1), 3],
    ['of many bytes a character', '€🔑'.repeat(2000), 7],
    ['that looks like a head of ours', 'patchbay-parts 2 0123456789abcdef', 2],
  ])('%s', async (_, value, count) => {
    const { keychain, entries } = rigKeychain()
    await keychain.write('name', value)
    expect(entries.size).toBe(count)
    for (const entry of entries.values()) expect(Buffer.byteLength(entry)).toBeLessThanOrEqual(largestEntry)
    expect(await keychain.read('name')).toBe(value)
  })

  test('a long one makes room for a short one, and goes whole', async () => {
    const { keychain, entries } = rigKeychain()
    await keychain.write('name', 'x'.repeat(6000))
    await keychain.write('name', 'y'.repeat(5000))
    expect(await keychain.read('name')).toBe('y'.repeat(5000))
    expect(entries.size).toBe(4)
    await keychain.write('name', 'short')
    expect([...entries]).toEqual([['name', 'short']])
    await keychain.write('name', 'x'.repeat(6000))
    expect(await keychain.remove('name')).toBe(true)
    expect(entries.size).toBe(0)
  })

  test('a write that breaks off leaves the old value', async () => {
    const rig = rigKeychain()
    await rig.keychain.write('name', 'x'.repeat(6000))
    rig.says = (call) => (call.type === 'set' && call.entry === 'name' ? 'the disk is full' : undefined)
    await expect(rig.keychain.write('name', 'y'.repeat(6000))).rejects.toThrow('the disk is full')
    rig.clock += 60_000
    expect(await rig.keychain.read('name')).toBe('x'.repeat(6000))
  })

  test('one with a part missing is damaged, not short', async () => {
    const { keychain, entries } = rigKeychain()
    await keychain.write('name', 'x'.repeat(6000))
    entries.delete([...entries.keys()].find((entry) => entry.includes('part 2'))!)
    await expect(keychain.read('name')).rejects.toThrow('name is damaged in the keychain; store it again')
  })
})

describe('nothing there', () => {
  test('is believed once an entry of our own has come back', async () => {
    const { keychain, entries } = rigKeychain()
    expect(await keychain.read('name')).toBeUndefined()
    expect([...entries.keys()]).toEqual(['patchbay canary'])
    expect(await keychain.remove('name')).toBe(false)
  })

  test.each([
    ['locked', 'Cannot create an item in a locked collection'],
    ['unavailable', 'Object does not exist at path “/org/freedesktop/secrets/collection/login”'],
    ['read-only', 'write permissions error'],
  ])('is not believed of one that says nothing until it is written to: %s', async (trouble, said) => {
    const rig = rigKeychain()
    rig.says = (call) => (call.type === 'set' ? said : undefined)
    expect(troubleOf(await rig.keychain.read('name').catch((thrown: unknown) => thrown))).toBe(trouble)
    expect((await rig.keychain.status()).state).toBe(trouble)
  })
})

describe('what the libraries say, in words', () => {
  test.each([
    ['Platform failure: DBus error: … set your DBUS_SESSION_BUS_ADDRESS instead', 'unavailable', 'no D-Bus session'],
    ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'unavailable', 'no D-Bus session'],
    ['org.freedesktop.secrets was not provided by any .service files', 'unavailable', 'no keychain runs'],
    ["Couldn't access platform storage: Secret Service: no result found", 'unavailable', 'no keyring'],
    [`Couldn't access platform storage: ${locked}`, 'locked', 'is locked'],
    ['IsLocked: Cannot get secret of a locked object', 'locked', 'is locked'],
    ['User interaction is not allowed.', 'locked', 'is locked'],
    ['A default keychain could not be found.', 'unavailable', 'no default keychain'],
    ['This keychain is read-only.', 'read-only', 'is read-only'],
    ['something new\nwith a second line', 'unavailable', 'cannot be used (something new)'],
  ])('%s', (said, trouble, words) => {
    const error = keychainError(said)
    expect([error.trouble, error.message]).toEqual([trouble, expect.stringContaining(words)])
    expect(error.hint).toContain('env:NAME')
  })

  test('the state is one sentence with the way on', async () => {
    const rig = rigKeychain()
    expect((await rig.keychain.status()).state).toBe('ready')
    rig.says = () => locked
    expect(await rig.keychain.status()).toEqual({
      state: 'locked',
      words: 'The keychain is locked. Unlock it and try again, or use env:NAME or file:PATH in the config instead.',
    })
  })

  test('where there is none, nothing is tried', async () => {
    const unreachable = new KeychainError('unavailable', 'there is none')
    const keychain = createKeychain({ process: undefined, unreachable })
    await expect(keychain.read('name')).rejects.toBe(unreachable)
    expect((await keychain.status()).words).toMatch(/^There is none\. /)
  })
})

describe('patience', () => {
  test('no prompt follows the other: after a failure reads rest for ten seconds, and a success ends that', async () => {
    const rig = rigKeychain()
    rig.says = () => locked
    await expect(rig.keychain.read('name')).rejects.toThrow('is locked')
    rig.says = () => undefined
    await expect(rig.keychain.read('name')).rejects.toThrow('is locked')
    expect(rig.calls).toHaveLength(1)
    rig.clock += 10_000
    expect(await rig.keychain.read('name')).toBeUndefined()

    rig.says = () => locked
    await expect(rig.keychain.read('name')).rejects.toThrow('is locked')
    rig.says = () => undefined
    await rig.keychain.write('name', 'value') // the user unlocked it to store something
    expect(await rig.keychain.read('name')).toBe('value')
  })

  test('whoever waits too long is told so, and the answer counts when it comes', async () => {
    const rig = rigKeychain({ patienceMs: 20 })
    const gate = Promise.withResolvers<void>()
    rig.before = gate.promise
    await expect(rig.keychain.read('name')).rejects.toThrow('does not answer; it may be waiting for you to unlock it')
    gate.resolve()
    await rig.keychain.write('name', 'value', 10_000)
    expect(await rig.keychain.read('name')).toBe('value')
  })

  test('one call at a time, and none for who has left the queue', async () => {
    const rig = rigKeychain({ patienceMs: 20 })
    const gate = Promise.withResolvers<void>()
    rig.before = gate.promise
    const first = rig.keychain.write('first', 'one', 10_000)
    await expect(rig.keychain.write('second', 'two')).rejects.toThrow('does not answer')
    gate.resolve()
    await first
    await rig.keychain.write('third', 'three', 10_000)
    expect(rig.entries).toEqual(new Map([['first', 'one'], ['third', 'three']])) // biome-ignore format: a table
  })
})
