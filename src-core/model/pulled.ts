import type { Flow } from './flow.ts'

/** A flow as an iterator that pulls: it stands still while nobody asks. Leaving a loop over it cancels it. */
export async function* pulled<T>(flow: Flow<T>): AsyncGenerator<T> {
  type Step = { piece: T } | 'end' | { thrown: unknown }
  const steps: Step[] = []
  let wake = (): void => {}
  const told = (step: Step): void => {
    flow.pause()
    steps.push(step)
    wake()
  }
  let isOver = false
  let isGoing = false
  try {
    for (;;) {
      if (steps.length === 0) {
        const next = new Promise<void>((resolve) => {
          wake = resolve
        })
        if (isGoing) flow.resume()
        else
          flow.into({
            next: (piece) => told({ piece }),
            end: () => told('end'),
            failed: (thrown) => told({ thrown }),
          })
        isGoing = true
        await next
      }
      const step = steps.shift()!
      isOver = step === 'end' || 'thrown' in step
      if (step === 'end') return
      if ('thrown' in step) throw step.thrown
      yield step.piece
    }
  } finally {
    if (!isOver) flow.cancel()
  }
}
