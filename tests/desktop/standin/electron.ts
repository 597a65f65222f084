/**
 * What of Electron's main-process module the desktop app uses, on Node and a real Chromium. A test that passes here
 * passed under the stand-in: it says nothing about trays, menus, sandboxes or packaging of the real one.
 */
export { app } from './app.ts'
export { BrowserWindow } from './browser-window.ts'
export { ipcMain } from './ipc-main.ts'
export { Menu, MenuItem } from './menu.ts'
export { nativeImage } from './native-image.ts'
export { Notification } from './notification.ts'
export { protocol } from './protocol.ts'
export { session } from './session.ts'
export { clipboard, dialog, shell } from './shell.ts'
export { nativeTheme, net, powerMonitor, screen } from './system.ts'
export { Tray } from './tray.ts'
