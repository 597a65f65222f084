import { EventEmitter } from 'node:events'

/** A notification on the user's desktop: kept, and shown to nobody. */
export class Notification extends EventEmitter {
  static isSupported = (): boolean => true

  title: string
  body: string

  constructor({ title = '', body = '' }: { title?: string; body?: string } = {}) {
    super()
    this.title = title
    this.body = body
  }

  show(): void {}
}
