import fs from 'node:fs'
import path from 'node:path'
import { createPackage } from '@electron/asar'

/** A folder that looks like Electron's distribution to the packer: its program does nothing. */
export async function makeElectronStub(folder: string, version: string): Promise<void> {
  const files = ['LICENSE', 'chrome-sandbox', 'chrome_crashpad_handler', 'locales/en-US.pak', 'locales/de.pak']
  for (const name of files) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), '')
  }
  fs.writeFileSync(path.join(folder, 'electron'), '#!/bin/sh\n', { mode: 0o755 })
  fs.writeFileSync(path.join(folder, 'version'), version)
  // the packer reads every archive it meets
  const empty = path.join(folder, 'default-app')
  fs.mkdirSync(empty)
  fs.writeFileSync(path.join(empty, 'package.json'), '{}')
  fs.mkdirSync(path.join(folder, 'resources'))
  await createPackage(empty, path.join(folder, 'resources', 'default_app.asar'))
  fs.rmSync(empty, { recursive: true })
}
