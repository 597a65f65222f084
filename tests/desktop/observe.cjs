// Loaded into the main process before the app: keeps what it shows where a spec can see it. Electron lists no trays and
// answers no dialogs by itself.
const { dialog, Notification, shell, Tray } = require('electron')

const seen = { menu: undefined, tooltip: '', dialogs: [], opened: [], notifications: [] }
globalThis.seen = seen

const { setContextMenu, setToolTip } = Tray.prototype
Tray.prototype.setContextMenu = function (menu) {
  seen.menu = menu
  return setContextMenu.call(this, menu)
}
Tray.prototype.setToolTip = function (text) {
  seen.tooltip = text
  return setToolTip.call(this, text)
}

Notification.prototype.show = function () {
  seen.notifications.push(this)
}

// a dialog stays open until a spec answers it
dialog.showMessageBox = (...given) => {
  const options = given.at(-1)
  return new Promise((resolve) => {
    seen.dialogs.push({ ...options, answer: (response) => resolve({ response, checkboxChecked: false }) })
  })
}
dialog.showErrorBox = (title, content) => void seen.dialogs.push({ message: title, detail: content })

shell.openExternal = async (url) => void seen.opened.push(url)
