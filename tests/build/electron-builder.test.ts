import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const root = path.resolve(import.meta.dirname, '../..')
const read = (name: string) => fs.readFileSync(path.join(root, name), 'utf8')
const config = parse(read('build/electron-builder.yml'))

/** The packer's own check; it throws with the property it does not know. */
async function validate(candidate: object): Promise<void> {
  const ofBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'))
  const { validateConfiguration } = ofBuilder('app-builder-lib/out/util/config/config')
  const { DebugLogger } = ofBuilder('builder-util')
  await validateConfiguration(structuredClone(candidate), new DebugLogger(false))
}

test('the packer knows every key', async () => {
  await validate(config)
  await expect(validate({ ...config, asarUnpak: [] })).rejects.toThrow('asarUnpak')
})

test('it packs the Electron the app is written for', () => {
  expect(config.electronVersion).toBe(JSON.parse(read('package.json')).devDependencies.electron)
})

test('the installed program runs nothing but the app', () => {
  expect(config.electronFuses).toMatchObject({
    // the keychain's process is forked
    runAsNode: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
  })
})
