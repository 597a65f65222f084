import { expect, test } from 'vitest'
import { CallError } from '../../renderer/app-client.ts'
import { createBridgeClient } from '../../renderer/bridge-client.ts'

const problems = [{ path: 'version', message: 'is wrong' }]

test.each([
  [
    'a refusal with its parts',
    { message: 'No.', status: 400, path: 'text', problems },
    'refused',
    'No.',
    'text',
    problems,
  ],
  ['a file that changed meanwhile', { message: 'It changed.', status: 409 }, 'conflict', 'It changed.', undefined, []],
  ['an error of the bridge itself', new Error('gone'), 'refused', 'gone', undefined, []],
  ['something else', 'what', 'refused', 'what', undefined, []],
])('%s', async (_what, thrown, kind, message, path, expected) => {
  const client = createBridgeClient({ call: () => Promise.reject(thrown), on: () => () => {} })
  const error = await client.call('getState', {}).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(CallError)
  expect(error).toMatchObject({ kind, message, path, problems: expected })
})

test('pushes are told as events, and the connection is there from the start', async () => {
  let push: (name: string, value: unknown) => void = () => {}
  const client = createBridgeClient({
    call: () => Promise.resolve({}),
    on(listener) {
      push = listener
      return () => {}
    },
  })
  const events: unknown[] = []
  client.subscribe((event) => events.push(event))
  await Promise.resolve()
  push('health', { targets: [], credentials: [] })
  expect(events).toEqual([
    { type: 'connection', value: 'online' },
    { type: 'health', value: { targets: [], credentials: [] } },
  ])
})
