import { expect, test } from 'vitest'
import type { Pushes } from '../../../src-core/control/contract.ts'
import { createPushHub, type PushHubParts } from '../../../src-core/control/push-hub.ts'

const config = (words: string): Pushes['config'] => ({ revision: words, path: '', problems: [] })

/** A hub, what it asked its source for, and the source's own push. */
function rig() {
  const calls: string[] = []
  const sources: Parameters<PushHubParts['start']>[0][] = []
  const hub = createPushHub({
    redact: (json) => json.replaceAll('sesame', '***'),
    start(push) {
      calls.push('first')
      sources.push(push)
      return () => void calls.push('last')
    },
  })
  return { calls, hub, push: (words: string) => sources.at(-1)!('config', config(words)) }
}

test('the source runs while somebody listens, and is started once for all of them', () => {
  const { calls, hub } = rig()
  const [one, other] = [hub.subscribe(() => {}), hub.subscribe(() => {})]
  one()
  one()
  expect(calls).toEqual(['first'])
  other()
  expect(calls).toEqual(['first', 'last'])
  hub.subscribe(() => {})
  expect(calls).toEqual(['first', 'last', 'first'])
})

test('everyone who listens gets the same words, without a secret', () => {
  const { hub, push } = rig()
  const heard: string[] = []
  hub.subscribe((name, json) => heard.push(`one ${name} ${JSON.parse(json).revision}`))
  const leave = hub.subscribe((name, json) => heard.push(`two ${name} ${JSON.parse(json).revision}`))
  push('open sesame')
  leave()
  push('again')
  expect(heard).toEqual(['one config open ***', 'two config open ***', 'one config again'])
})
