import type { Note, RouteNote } from '../model/event.ts'

/** The calls made in one turn to a target, heard of on the way to the caller. */
export interface Turn {
  note(note: Note): void
  /** Calls to this target in this request so far. */
  calls(): number
  /** The last call has not been told to have failed. */
  open(): boolean
}

export interface TurnOptions {
  /** Calls to this target in earlier turns of the same request. */
  before: number
  /** What will be true if the call made now answers. */
  route(calls: number): RouteNote
  tell(note: Note): void
}

/** Who makes the calls counts them from 1 in every turn; the request's count goes on. Each tells its way along. */
export function createTurn({ before, route, tell }: TurnOptions): Turn {
  let made = 0
  let open = false
  return {
    note(note) {
      if (note.type === 'attempt') {
        made += 1
        open = true
        tell({ ...note, attempt: before + note.attempt, route: route(made) })
      } else if (note.type === 'attempt-failed') {
        open = false
        tell({ ...note, attempt: before + note.attempt })
      } else tell(note)
    },
    calls() {
      return before + made
    },
    open() {
      return open
    },
  }
}
