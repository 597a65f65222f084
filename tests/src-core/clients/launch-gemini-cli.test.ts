import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { geminiCliTerminal, launchGeminiCli } from '../../../src-core/clients/launch-gemini-cli.ts'

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-terminal-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
})

const told = () => path.join(folder, 'told')

/** A terminal that writes down how it was started, whole or not at all. */
function install(
  name: string,
  script = `{ echo "args $*"; env; } > ${folder}/writing && mv ${folder}/writing ${folder}/told`,
) {
  fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

const options = (environment: Record<string, string> = {}) => ({
  platform: 'linux' as const,
  gateway: { url: 'http://127.0.0.1:4141', clientKey: 'pb-canary' },
  home: folder,
  stateFolder: path.join(folder, 'state'),
  environment: { PATH: `${folder}:/usr/bin:/bin`, DISPLAY: ':0', GEMINI_CLI_HOME: folder, ...environment },
  workingDirectory: folder,
  now: () => new Date(),
})

const settings = (selectedType: string | undefined) => {
  fs.mkdirSync(path.join(folder, '.gemini'))
  fs.writeFileSync(
    path.join(folder, '.gemini', 'settings.json'),
    JSON.stringify({ security: { auth: { selectedType } } }),
  )
}

async function launched(environment?: Record<string, string>): Promise<{ text: string; ownSettings: boolean }> {
  const { ownSettings } = await launchGeminiCli(options(environment))
  await vi.waitFor(() => expect(fs.existsSync(told())).toBe(true), 5000)
  return { text: fs.readFileSync(told(), 'utf8'), ownSettings }
}

describe.runIf(process.platform === 'linux')('a terminal', () => {
  test('is found by its name', async () => {
    expect(await geminiCliTerminal(options())).toBeUndefined()
    install('foot')
    expect(await geminiCliTerminal(options())).toBe('foot')
    fs.chmodSync(path.join(folder, 'foot'), 0o644)
    expect(await geminiCliTerminal(options())).toBeUndefined()
  })

  test('is opened with the way to the gateway in its environment, and nothing of it in its arguments', async () => {
    install('xterm')
    const { text } = await launched({ GOOGLE_API_KEY: 'theirs', GOOGLE_GENAI_USE_VERTEXAI: 'true' })
    const [first, ...rest] = text.split('\n')
    expect(first).toBe(`args -e sh -c gemini; exec "\${SHELL:-/bin/sh}"`)
    expect(rest).toContain('GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:4141')
    expect(rest).toContain('GEMINI_API_KEY=pb-canary')
    expect(text).not.toMatch(/GOOGLE_API_KEY|VERTEXAI/)
  })

  test.each([
    ['gemini-api-key', true],
    ['oauth-personal', false],
    [undefined, false],
  ])('with settings that say %s, the user’s own settings: %s', async (selectedType, own) => {
    settings(selectedType)
    install('xterm')
    const before = fs.readFileSync(path.join(folder, '.gemini', 'settings.json'), 'utf8')
    const { text, ownSettings } = await launched()
    const home = own ? folder : path.join(folder, 'state', 'gemini-cli')
    expect(ownSettings).toBe(own)
    expect(text.split('\n')).toContain(`GEMINI_CLI_HOME=${home}`)
    expect(fs.readFileSync(path.join(home, '.gemini', 'settings.json'), 'utf8')).toContain('gemini-api-key')
    expect(fs.readFileSync(path.join(folder, '.gemini', 'settings.json'), 'utf8')).toBe(before)
  })

  test('that fails is told, and one that is not there', async () => {
    await expect(launchGeminiCli(options())).rejects.toThrow('There is no terminal here')
    install('xterm', 'exit 3')
    await expect(launchGeminiCli(options())).rejects.toThrow('xterm ended at once (exit 3)')
  })
})
