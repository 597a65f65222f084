import { expect, test, vi } from 'vitest'
import { createHeartbeat } from '../../../src-core/server/heartbeat.ts'

test('only silent answers beat, until they are removed', () => {
  vi.useFakeTimers()
  const heartbeat = createHeartbeat({ silenceMs: 5000, now: () => Date.now() })
  const beats: string[] = []
  const pulse = (name: string) => ({ place: -1, lastWrite: Date.now(), beat: () => beats.push(name) })
  const [silent, busy] = [pulse('silent'), pulse('busy')]
  heartbeat.add(silent)
  heartbeat.add(busy)
  for (let second = 0; second < 6; second++) {
    vi.advanceTimersByTime(1000)
    busy.lastWrite = Date.now()
  }
  expect(new Set(beats)).toEqual(new Set(['silent']))
  heartbeat.remove(silent)
  const before = beats.length
  vi.advanceTimersByTime(4000)
  expect(beats.length).toBe(before)
  heartbeat.close()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})
