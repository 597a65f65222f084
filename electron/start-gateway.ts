import { dialog } from 'electron'
import {
  type Autostart,
  ConfigError,
  createGateway,
  type Gateway,
  PortError,
  runningGateway,
} from '../src-core/index.ts'
import type { DesktopOptions } from './options.ts'
import { portHolder } from './port-holder.ts'
import { runProgram } from './run-program.ts'

export interface StartParts {
  options: DesktopOptions
  env: Readonly<Record<string, string | undefined>>
  stateFolder: string
  /** For the control port, where one is asked for. */
  windowFolder: string
  autostart: Autostart | undefined
}

/** Starts the gateway; what stands in its way is asked about in one dialog. undefined: the user would rather quit. */
export async function startGateway(parts: StartParts): Promise<Gateway | undefined> {
  const { config, host, controlPort } = parts.options
  let { port } = parts.options
  for (;;) {
    let gateway: Gateway | undefined
    try {
      gateway = await createGateway({
        configFile: config,
        host,
        port,
        controlPort,
        controlInProcess: true,
        windowFolder: parts.windowFolder,
        autostart: parts.autostart,
        env: parts.env,
      })
      await gateway.listen()
      return gateway
    } catch (thrown) {
      await gateway?.close(0)
      const answer = await askAbout(thrown, parts.stateFolder)
      if (answer === 'quit') return undefined
      if (answer === 'another port') port = 0
    }
  }
}

type Answer = 'quit' | 'again' | 'another port'

function askAbout(thrown: unknown, stateFolder: string): Promise<Answer> {
  if (thrown instanceof PortError) return askAboutPort(thrown, stateFolder)
  if (thrown instanceof ConfigError) return askAboutConfig(thrown)
  throw thrown
}

async function askAboutPort({ message, taken }: PortError, stateFolder: string): Promise<Answer> {
  if (taken === undefined) return ask(message, '', [again, quit])
  return ask(`Port ${taken} is in use.`, await whoHas(taken, stateFolder), [
    { label: 'Use another port', answer: 'another port' },
    again,
    quit,
  ])
}

async function whoHas(port: number, stateFolder: string): Promise<string> {
  const running = await runningGateway(stateFolder)
  const then = 'Another port counts for this run only: programs that know this one do not find Patchbay there.'
  if (running && new URL(running.url).port === String(port))
    return `Another Patchbay runs there already (process ${running.pid}): stop it, then try again. ${then}`
  const holder = await portHolder(port, process.platform, runProgram)
  const who = holder ? `${holder.name} (process ${holder.pid}) has it` : 'Another program has it'
  return `${who}: stop that program and try again, or set gateway.port in the config. ${then}`
}

async function askAboutConfig({ problems }: ConfigError): Promise<Answer> {
  const lines = problems.map(
    ({ path, message, hint }) => `${path ? `${path}: ` : ''}${message}${hint ? ` (${hint})` : ''}`,
  )
  return ask('The config has mistakes, so Patchbay did not start.', lines.slice(0, 12).join('\n'), [again, quit])
}

const again = { label: 'Try again', answer: 'again' as const }
const quit = { label: 'Quit', answer: 'quit' as const }

async function ask(message: string, detail: string, buttons: { label: string; answer: Answer }[]): Promise<Answer> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    title: 'Patchbay',
    message,
    detail,
    buttons: buttons.map(({ label }) => label),
    defaultId: 0,
    cancelId: buttons.length - 1,
    noLink: true,
  })
  return buttons[response]!.answer
}
