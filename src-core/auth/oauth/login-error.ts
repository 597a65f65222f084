/** Why a login, or what was asked about one, was refused: a sentence for the person who asked. */
export class LoginError extends Error {
  override name = 'LoginError'
  /**
   * unknown: there is no such login, provider or account; foreign: what came back does not belong to this login, which
   * stays open; over: it has ended or been used; refused: it cannot begin.
   */
  kind: 'unknown' | 'foreign' | 'over' | 'refused'

  constructor(kind: LoginError['kind'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
  }
}
