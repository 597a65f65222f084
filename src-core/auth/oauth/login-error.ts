/** Why a login, or what was asked about one, was refused: a sentence for the person who asked. */
export class LoginError extends Error {
  override name = 'LoginError'
  /**
   * unknown: there is no such login, provider or account; elsewhere: this is no address of the login; foreign: what came
   * back belongs to another, and this one stays open; over: it has ended or been used; refused: it cannot begin.
   */
  kind: 'unknown' | 'elsewhere' | 'foreign' | 'over' | 'refused'

  constructor(kind: LoginError['kind'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
  }
}
