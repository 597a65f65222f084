/**
 * Looks for a newer version, once a day, where PATCHBAY_UPDATES names an https folder with the release files; without
 * it nothing is ever asked or loaded. What is found waits until the app is quit.
 */
export async function startUpdates(feed: string | undefined, told: (words: string) => void): Promise<void> {
  if (!feed) return
  if (!feed.startsWith('https://')) return told('PATCHBAY_UPDATES is no https address; updates stay off')
  const { autoUpdater } = (await import('electron-updater')).default
  autoUpdater.logger = null
  autoUpdater.autoInstallOnAppQuit = true
  autoUpdater.setFeedURL({ provider: 'generic', url: feed })
  autoUpdater.on('update-downloaded', ({ version }) => told(`version ${version} is installed when Patchbay is quit`))
  autoUpdater.on('error', (thrown) => told(`no update: ${thrown.message}`))
  const look = () => void autoUpdater.checkForUpdates().catch(() => undefined) // `error` has told it
  look()
  setInterval(look, 24 * 60 * 60 * 1000).unref()
}
