/** The user's desktop. Nobody sits there: what a spec does not replace fails loudly. */

const nobody = (what: string) => async () => {
  throw new Error(`stand-in: ${what} was not replaced by the spec`)
}

export const shell = { openExternal: nobody('shell.openExternal') }

export const dialog = {
  showMessageBox: nobody('dialog.showMessageBox'),
  showMessageBoxSync: () => 0,
  showErrorBox: (title: string, content: string) => console.error(`[dialog] ${title}: ${content}`),
}

let copied = ''
export const clipboard = {
  writeText: (text: string): void => {
    copied = text
  },
  readText: (): string => copied,
}
