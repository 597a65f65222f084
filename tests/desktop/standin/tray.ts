import { EventEmitter } from 'node:events'

/** Nothing is shown; the specs look at what was set. */
export class Tray extends EventEmitter {
  setImage(_image: unknown) {}
  setToolTip(_text: string) {}
  setContextMenu(_menu: unknown) {}
  destroy() {}
}
