interface Template {
  id?: string
  type?: string
  label?: string
  enabled?: boolean
  checked?: boolean
  submenu?: Template[]
  click?(item: MenuItem): void
}

export class MenuItem {
  id: string | undefined
  type: string
  label: string
  enabled: boolean
  checked: boolean
  submenu: Menu | undefined
  /** As Electron has it: assigning it changes what a click does, calling it clicks. */
  click: () => void

  constructor({ id, type, label = '', enabled = true, checked = false, submenu, click }: Template) {
    this.id = id
    this.type = type ?? (submenu ? 'submenu' : 'normal')
    this.label = label
    this.enabled = enabled
    this.checked = checked
    this.submenu = submenu && Menu.buildFromTemplate(submenu)
    this.click = () => {
      if (!this.enabled) return
      if (this.type === 'checkbox') this.checked = !this.checked
      click?.(this)
    }
  }
}

export class Menu {
  items: MenuItem[] = []

  static buildFromTemplate(template: Template[]): Menu {
    const menu = new Menu()
    menu.items = template.map((item) => new MenuItem(item))
    return menu
  }

  static setApplicationMenu() {}

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      if (item.id === id) return item
      const below = item.submenu?.getMenuItemById(id)
      if (below) return below
    }
    return null
  }
}
