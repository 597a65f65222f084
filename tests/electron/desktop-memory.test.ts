import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDesktopMemory } from '../../electron/desktop-memory.ts'

function place(text?: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-memory-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'deeper', 'window.json')
  if (text !== undefined) {
    fs.mkdirSync(path.dirname(file))
    fs.writeFileSync(file, text)
  }
  return file
}

const bounds = { x: 1, y: 2, width: 800, height: 600 }

test('what is remembered counts at once, and at the next start', async () => {
  const file = place()
  const memory = await openDesktopMemory(file)
  void memory.remember({ bounds })
  void memory.remember({ toldNoTray: true })
  const toldAccounts = { 'up/work expiring': 7 }
  void memory.remember({ toldAccounts })
  void memory.remember({ language: 'zh' })
  expect(memory.current()).toEqual({ bounds, toldNoTray: true, toldAccounts, language: 'zh' })
  await memory.written()
  expect((await openDesktopMemory(file)).current()).toEqual({ bounds, toldNoTray: true, toldAccounts, language: 'zh' })
})

test.each([
  ['no file', undefined],
  ['a torn one', '{"bounds": {"x": 1'],
  ['no object', '7'],
  ['null', 'null'],
  ['no times', '{"toldAccounts": {"up/work expiring": "late"}}'],
  ['half a place', '{"bounds": {"x": 1, "y": "2"}}'],
])('%s: nothing is remembered', async (_name, text) => {
  const { bounds: kept, toldNoTray = false, toldAccounts = {} } = (await openDesktopMemory(place(text))).current()
  expect([kept, toldNoTray, toldAccounts]).toEqual([undefined, false, {}])
})
