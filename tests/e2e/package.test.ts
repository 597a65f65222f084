import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { extractAll, listPackage } from '@electron/asar'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { startChild } from '../helpers/child-process.ts'
import { makeElectronStub } from '../helpers/electron-stub.ts'
import { getChromium } from '../helpers/get-chromium.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** The package for Linux around a stub of Electron; what it would ship is real. */
describe.runIf(process.platform === 'linux')('the package', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-package-'))
  const resources = path.join(folder, 'release', 'linux-unpacked', 'resources')
  const app = path.join(folder, 'app')

  beforeAll(async () => {
    const config = parse(fs.readFileSync(path.join(root, 'build', 'electron-builder.yml'), 'utf8'))
    const stub = path.join(folder, 'electron')
    await makeElectronStub(stub, config.electronVersion)
    // fuses are bits in the program, which the stub does not have
    const { electronFuses: _, ...rest } = config
    const file = path.join(folder, 'electron-builder.json')
    const directories = { ...config.directories, output: path.join(folder, 'release') }
    fs.writeFileSync(file, JSON.stringify({ ...rest, directories, electronDist: stub }))
    await run('node', ['build/icons.mjs'])
    await run('node', ['build/desktop.mjs'])
    await run('npx', ['electron-builder', '--config', file, '--linux', 'dir', '--publish', 'never'])
    extractAll(path.join(resources, 'app.asar'), app)
    return () => fs.rmSync(folder, { recursive: true, force: true })
  })

  test('holds the built app, the native part of the keychain, and nothing else', () => {
    const files = listPackage(path.join(resources, 'app.asar'), { isPack: false })
      .map((name) => name.split(path.sep).join('/').slice(1))
      .filter((name) => fs.statSync(path.join(app, name)).isFile())
    const tidy = files.map((name) => name.replace(/-[\w-]{8}\.(js|css|svg)$/, '.$1'))
    const known = [
      /^package\.json$/,
      /^build\/desktop\/(?:main\.js|preload\.cjs)$/,
      /^build\/desktop\/chunks\/[\w-]+\.js$/,
    ]
    const window = /^build\/desktop\/window\/(?:index\.html|assets\/[\w.-]+\.(?:js|css|svg))$/
    const keychain = /^node_modules\/@napi-rs\/keyring/
    expect(tidy.filter((name) => ![...known, window, keychain].some((pattern) => pattern.test(name)))).toEqual([])
    for (const wanted of [
      'package.json',
      'build/desktop/main.js',
      'build/desktop/preload.cjs',
      'build/desktop/window/index.html',
    ])
      expect(files).toContain(wanted)
    expect(JSON.parse(fs.readFileSync(path.join(app, 'package.json'), 'utf8')).main).toBe('build/desktop/main.js')
  })

  test('keeps the native part outside of the archive, where it can be loaded', async () => {
    const unpacked = fs.readdirSync(path.join(resources, 'app.asar.unpacked'), { recursive: true, encoding: 'utf8' })
    expect(unpacked.filter((name) => name.endsWith('.node'))).toHaveLength(1)
    // from the extracted copy, which finds no other node_modules
    const load = "import('@napi-rs/keyring').then(({ AsyncEntry }) => console.log(typeof AsyncEntry))"
    const loaded = startChild('node', ['--input-type=module', '-e', load], { cwd: path.join(app, 'build', 'desktop') })
    expect(await loaded.ended, loaded.stderr()).toBe(0)
    expect(loaded.stdout()).toBe('function\n')
  })

  test('starts and shows its window: the specs of the desktop under the stand-in, on what would be shipped', async ({
    skip,
  }) => {
    const chromium = getChromium()
    if (!chromium) return skip('no Chromium could be had')
    const env = { ...process.env, PATCHBAY_APP: app, PATCHBAY_CHROMIUM: chromium, PATCHBAY_REPORT: undefined }
    const specs = await run('npx', ['playwright', 'test', '-c', 'tests/desktop', 'window', 'tray'], env)
    expect(specs).toMatch(/\b1\d passed/)
  })

  async function run(program: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
    const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined))
    const child = startChild(program, args, { cwd: root, env: given as Record<string, string> })
    const code = await child.ended
    if (code !== 0)
      throw new Error(`${program} ${args.join(' ')} ended with ${code}\n${child.stdout()}\n${child.stderr()}`)
    return child.stdout()
  }
})
