/** Where pieces go, one after the other. After `end` or `failed` nothing comes any more. */
export interface Sink<T> {
  next(piece: T): void
  end(): void
  failed(thrown: unknown): void
}

/** Pieces that come by themselves, as fast as they are let. At first it stands still. */
export interface Flow<T> {
  /** Into this sink from now on; also sets it going. */
  into(sink: Sink<T>): void
  /** Stands still after the piece that is on its way: what comes later, be it the end, waits until it goes on. */
  pause(): void
  resume(): void
  /** Ends it early, and what it comes from. The sink hears nothing more. */
  cancel(): void
}

/** The same flow with something between it and its sink. `cancelled` hears when the reader wants no more. */
export function through<From, To>(
  flow: Flow<From>,
  between: (sink: Sink<To>) => Sink<From>,
  cancelled?: () => void,
): Flow<To> {
  return {
    into: (sink) => flow.into(between(sink)),
    pause: () => flow.pause(),
    resume: () => flow.resume(),
    cancel() {
      flow.cancel()
      cancelled?.()
    },
  }
}

/** One that has failed already. */
export const failedFlow = <T>(thrown: unknown): Flow<T> => ({
  into: (sink) => sink.failed(thrown),
  pause() {},
  resume() {},
  cancel() {},
})

/** All that is still to come. */
export function collect<T>(flow: Flow<T>): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const pieces: T[] = []
    flow.into({ next: (piece) => void pieces.push(piece), end: () => resolve(pieces), failed: reject })
  })
}
