import fs from 'node:fs'

/** @type {Partial<Record<NodeJS.Platform, string[]>>} */
const usual = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'],
}

/**
 * A Chromium of this machine: PATCHBAY_CHROMIUM, or where systems put it. undefined: the one Playwright installs.
 * Plain JavaScript, because the launcher of the tests asks, too.
 */
export const findChromium = () =>
  [process.env.PATCHBAY_CHROMIUM, ...(usual[process.platform] ?? [])].find(
    (file) => file !== undefined && fs.existsSync(file),
  )
