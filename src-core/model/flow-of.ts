import type { Flow, Sink } from './flow.ts'

/** What is pulled, as a flow: the next piece is asked for when the one before has gone. */
export function flowOf<T>(pieces: AsyncIterator<T>): Flow<T> {
  let sink: Sink<T> | undefined
  let isPaused = true
  let isPulling = false
  let isOver = false

  async function pull(): Promise<void> {
    if (isPulling) return
    isPulling = true
    try {
      while (!isPaused && !isOver) {
        const step = await pieces.next()
        while (isPaused && !isOver) await resumed()
        if (isOver) return
        if (step.done) {
          isOver = true
          sink!.end()
        } else sink!.next(step.value)
      }
    } catch (thrown) {
      while (isPaused && !isOver) await resumed()
      if (isOver) return
      isOver = true
      sink!.failed(thrown)
    } finally {
      isPulling = false
    }
  }

  let goOn = (): void => {}
  const resumed = (): Promise<void> =>
    new Promise((resolve) => {
      goOn = resolve
    })

  const resume = (): void => {
    isPaused = false
    goOn()
    void pull()
  }
  return {
    into(next) {
      sink = next
      resume()
    },
    pause() {
      isPaused = true
    },
    resume,
    cancel() {
      isOver = true
      goOn()
      void pieces.return?.()
    },
  }
}
