import os from 'node:os'
import { clipboard, dialog } from 'electron'
import { type Gateway, printGeminiCli, type Shell } from '../src-core/index.ts'
import type { ControlClient } from './control-client.ts'

/** Shows what would change in the Gemini CLI's files, and writes it if that is wanted. */
export async function connectCli({ ask }: ControlClient): Promise<void> {
  const { files, warnings } = await ask('previewClient', { client: 'gemini-cli' })
  const diff = files.map((file) => file.diff).join('\n')
  const written = await confirm({
    message: 'Connect the Gemini CLI? This changes its own settings; Undo takes it back.',
    detail: [diff, ...warnings].join('\n\n'),
    yes: 'Write',
  })
  if (!written) return
  const done = await ask('connectClient', { client: 'gemini-cli' })
  await tell('The Gemini CLI is connected. Start it anywhere.', listed(done.files))
}

/** Takes back what `connectCli` or `npm run connect` wrote. */
export async function undoCli({ ask }: ControlClient): Promise<void> {
  const yes = await confirm({
    message: 'Take the connection of the Gemini CLI back?',
    detail: 'Its settings become what they were. What you changed since then stays.',
    yes: 'Undo',
  })
  if (!yes) return
  const { files, left } = await ask('disconnectClient', { client: 'gemini-cli' })
  const kept = left.map(({ path, key }) => `Left as you changed it: ${key} in ${path}`)
  await tell('The Gemini CLI is no longer connected.', [listed(files), ...kept].join('\n'))
}

/** The lines that point the Gemini CLI here, for one shell, in the clipboard. They hold the client key. */
export async function copyLines(gateway: Gateway, shell: Shell, stateFolder: string): Promise<void> {
  const { url, clientKey } = gateway.state()
  const { lines } = await printGeminiCli({
    gateway: { url, clientKey },
    home: os.homedir(),
    stateFolder,
    environment: process.env,
    workingDirectory: os.homedir(),
    now: () => new Date(),
  })
  clipboard.writeText(`${lines[shell].join('\n')}\n`)
}

const listed = (files: readonly { path: string; backup?: string }[]): string =>
  files.map(({ path, backup }) => (backup ? `${path} (backup: ${backup})` : path)).join('\n')

async function confirm({ message, detail, yes }: { message: string; detail: string; yes: string }): Promise<boolean> {
  const buttons = [yes, 'Cancel']
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Patchbay',
    message,
    detail,
    buttons,
    defaultId: 0,
    cancelId: 1,
  })
  return response === 0
}

async function tell(message: string, detail: string): Promise<void> {
  await dialog.showMessageBox({ type: 'info', title: 'Patchbay', message, detail, buttons: ['OK'] })
}
