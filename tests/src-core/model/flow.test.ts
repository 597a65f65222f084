import { describe, expect, test } from 'vitest'
import { collect, type Flow, failedFlow, type Sink, through } from '../../../src-core/model/flow.ts'
import { flowOf } from '../../../src-core/model/flow-of.ts'

async function* count(to: number, closed: string[] = []): AsyncGenerator<number> {
  try {
    for (let at = 1; at <= to; at += 1) yield at
  } finally {
    closed.push('closed')
  }
}

/** Hears everything as words. */
function listener(): Sink<unknown> & { heard: string[] } {
  const heard: string[] = []
  return {
    heard,
    next: (piece) => void heard.push(String(piece)),
    end: () => void heard.push('end'),
    failed: (thrown) => void heard.push(`failed ${(thrown as Error).message}`),
  }
}

const turns = () => new Promise((resolve) => setTimeout(resolve, 5))

describe('a flow', () => {
  test('all pieces and the end', async () => {
    expect(await collect(flowOf(count(3)))).toEqual([1, 2, 3])
  })

  test('a failure ends it', async () => {
    const broken = async function* () {
      yield 1
      throw new Error('broken')
    }
    await expect(collect(flowOf(broken()))).rejects.toThrow('broken')
    await expect(collect(failedFlow(new Error('already')))).rejects.toThrow('already')
  })

  test('stands still until it is let into a sink, and while it is paused: no end either', async () => {
    const flow = flowOf(count(2))
    const sink = listener()
    await turns()
    flow.into({
      ...sink,
      next(piece) {
        sink.next(piece)
        flow.pause()
      },
    })
    await turns()
    expect(sink.heard).toEqual(['1'])
    flow.resume()
    await turns()
    expect(sink.heard).toEqual(['1', '2'])
    flow.resume()
    await turns()
    expect(sink.heard).toEqual(['1', '2', 'end'])
  })

  test('goes on into another sink where the first one left it', async () => {
    const flow = flowOf(count(3))
    const first = listener()
    flow.into({
      ...first,
      next(piece) {
        first.next(piece)
        flow.pause()
      },
    })
    await turns()
    expect(await collect(flow)).toEqual([2, 3])
    expect(first.heard).toEqual(['1'])
  })

  test.each([
    ['while it flows', false],
    ['while it stands still', true],
  ])('cancelled %s it says no more and closes what it comes from', async (_, paused) => {
    const closed: string[] = []
    const flow = flowOf(count(1000, closed))
    const sink = listener()
    let pieces = 0
    flow.into({
      ...sink,
      next() {
        pieces += 1
        if (paused) flow.pause()
        else flow.cancel()
      },
    })
    await turns()
    if (paused) flow.cancel()
    await turns()
    expect(pieces).toBe(1)
    expect(sink.heard).toEqual([])
    expect(closed).toEqual(['closed'])
  })

  test('with something between it and its sink', async () => {
    const told: string[] = []
    const doubled: Flow<string> = through(
      flowOf(count(2)),
      (sink) => ({
        next: (piece: number) => sink.next(`${piece * 2}`),
        end: () => sink.end(),
        failed: (thrown) => sink.failed(thrown),
      }),
      () => told.push('left'),
    )
    expect(await collect(doubled)).toEqual(['2', '4'])
    doubled.cancel()
    expect(told).toEqual(['left'])
  })
})
