import { Menu, type MenuItem, nativeImage, nativeTheme, Tray } from 'electron'
import { encodePng } from './png.ts'
import { trayIcon } from './tray-icon.ts'
import { type TrayActions, type TrayItem, tooltip, trayMenu } from './tray-menu.ts'
import { type IconState, iconState, type TrayView } from './tray-view.ts'

export interface TrayDoor {
  /** Something changed: it is shown soon. */
  refresh(): void
  close(): void
}

/** What changes in quick succession is drawn once. */
const pauseMs = 50

/** The icon in the tray, kept as `view` says. */
export function createTray(view: () => TrayView, actions: TrayActions): TrayDoor {
  let shownIcon = ''
  let shape = ''
  let menu: Menu | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const tray = new Tray(image(iconState(view())))

  function draw(): void {
    timer = undefined
    const now = view()
    const icon = `${iconState(now)} ${nativeTheme.shouldUseDarkColors}`
    if (icon !== shownIcon) tray.setImage(image(iconState(now)))
    shownIcon = icon
    tray.setToolTip(tooltip(now))
    const items = trayMenu(now, actions)
    const same = menu !== undefined && shape === shapeOf(items)
    if (same) {
      if (!change(menu!.items, items) || process.platform !== 'linux') return
    } else {
      menu = Menu.buildFromTemplate(items)
      shape = shapeOf(items)
    }
    // there a changed menu is shown only when it is set again
    tray.setContextMenu(menu!)
  }

  const soon = (): void => {
    if (!closed) timer ??= setTimeout(draw, pauseMs)
  }
  draw()
  tray.on('click', () => {
    if (process.platform === 'win32') actions.open()
  })
  nativeTheme.on('updated', soon)
  return {
    refresh: soon,
    close() {
      closed = true
      clearTimeout(timer)
      nativeTheme.off('updated', soon)
      tray.destroy()
    },
  }
}

/** Two menus of one shape differ only in what can be changed while it is open. */
function shapeOf(items: readonly TrayItem[]): string {
  return JSON.stringify(items.map(({ id, type, submenu }) => [id, type, submenu && shapeOf(submenu)]))
}

/** Brings the items up to date in place, so that an open menu stays open. Returns whether anything was different. */
function change(shown: readonly MenuItem[], wanted: readonly TrayItem[]): boolean {
  let changed = false
  for (const [index, item] of wanted.entries()) {
    const { label, toolTip, enabled = true, checked = false, click } = item
    const old = shown[index]!
    if (item.submenu && change(old.submenu!.items, item.submenu)) changed = true
    if (item.type === 'separator') continue
    if (old.label !== label || old.enabled !== enabled || old.checked !== checked) changed = true
    if (label !== undefined) old.label = label
    if (toolTip !== undefined) old.toolTip = toolTip
    old.enabled = enabled
    if (item.type === 'checkbox') old.checked = checked
    if (click) old.click = click
  }
  return changed
}

const onMac = process.platform === 'darwin'

function image(state: IconState): Electron.NativeImage {
  // macOS paints a template image itself; elsewhere the panel is taken to be as dark as the theme
  const ink = onMac ? black : nativeTheme.shouldUseDarkColors ? light : dark
  const made = nativeImage.createEmpty()
  for (const scaleFactor of [1, 2]) {
    const size = (onMac ? 18 : 16) * scaleFactor
    const picture = trayIcon(state, { size, ink, template: onMac })
    const dataURL = `data:image/png;base64,${encodePng(picture).toString('base64')}`
    made.addRepresentation({ scaleFactor, dataURL })
  }
  if (onMac) made.setTemplateImage(true)
  return made
}

const black = [0, 0, 0] as const
const light = [245, 240, 232] as const
const dark = [52, 46, 40] as const
