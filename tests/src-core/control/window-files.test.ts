import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createWindowFiles } from '../../../src-core/control/window-files.ts'

function folderOf(files: Record<string, string>): string {
  const outside = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-window-'))
  onTestFinished(() => fs.rmSync(outside, { recursive: true }))
  fs.writeFileSync(path.join(outside, 'secret.html'), 'secret')
  const folder = path.join(outside, 'window')
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), text)
  }
  return folder
}

describe('the files of the window', () => {
  const built = { 'index.html': '<html>', 'assets/index-a1.js': 'go()', 'assets/index-a1.css': 'a{}', 'notes.txt': '-' }

  test.each([
    ['/', '<html>', 'text/html; charset=utf-8', 'no-store'],
    ['/index.html', '<html>', 'text/html; charset=utf-8', 'no-store'],
    ['/assets/index-a1.js', 'go()', 'text/javascript; charset=utf-8', 'private, max-age=31536000, immutable'],
    ['/assets/index-a1.css', 'a{}', 'text/css; charset=utf-8', 'private, max-age=31536000, immutable'],
  ])('%s', async (at, text, type, cached) => {
    const file = await createWindowFiles(folderOf(built))(at)
    expect(file?.body.toString()).toBe(text)
    expect(file?.headers).toMatchObject({ 'content-type': type, 'cache-control': cached })
    expect(file?.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/)
  })

  test.each([
    '/nothing.html',
    '/assets',
    '/assets/',
    '/notes.txt',
    '/../secret.html',
    '/assets/../../secret.html',
    '/%2e%2e/secret.html',
    '//secret.html',
    '/..\\secret.html',
    '/__proto__',
  ])('%s is none of them', async (at) => {
    expect(await createWindowFiles(folderOf(built))(at)).toBeUndefined()
  })
})
