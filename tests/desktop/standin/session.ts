type Decide = (contents: null, permission: string, decide: (may: boolean) => void) => void

/** Permissions are recorded: Chromium without a window asks nobody. */
export const session = {
  defaultSession: {
    request: undefined as Decide | undefined,
    setPermissionRequestHandler(handler: Decide): void {
      session.defaultSession.request = handler
    },
    setPermissionCheckHandler() {},
  },
}
