import { expect, test, vi } from 'vitest'
import { createStartAtLogin } from '../../src-core/start-at-login.ts'

test('told once it is known, and again when it was changed', async () => {
  let system = false
  const autostart = {
    on: async () => system,
    async set(on: boolean) {
      system = on
    },
  }
  const login = createStartAtLogin(autostart, () => {})
  const heard: (boolean | undefined)[] = []
  login.subscribe(() => heard.push(login.on()))
  expect(login.on()).toBeUndefined()
  await vi.waitFor(() => expect(heard).toEqual([false]))
  await login.set(true)
  expect([system, heard]).toEqual([true, [false, true]])
})

test('what the system did not take is not claimed', async () => {
  const login = createStartAtLogin({ on: async () => false, set: async () => {} }, () => {})
  await login.set(true)
  expect(login.on()).toBe(false)
})

test('without a way to do it nothing is known; a failure is told', async () => {
  expect(createStartAtLogin(undefined, () => {}).on()).toBeUndefined()
  const failed = vi.fn()
  const broken = { on: () => Promise.reject(new Error('no')), set: async () => {} }
  createStartAtLogin(broken, failed)
  await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce())
})
