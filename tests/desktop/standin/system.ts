import { EventEmitter } from 'node:events'

export const nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: false })

export const powerMonitor = new EventEmitter()

export const net = { isOnline: () => true }

const workArea = { x: 0, y: 0, width: 1280, height: 800 }
export const screen = { getDisplayMatching: () => ({ workArea }), getPrimaryDisplay: () => ({ workArea }) }
