import { dialog } from 'electron'
import {
  type Autostart,
  ConfigError,
  createGateway,
  type Gateway,
  PortError,
  printProblem,
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

export interface StartedGateway {
  gateway: Gateway
  /** It runs on the last good version of a config that has to be mended. */
  onLastGood: boolean
}

/** Starts the gateway; what stands in its way is asked about in one dialog. undefined: the user would rather quit. */
export async function startGateway(parts: StartParts): Promise<StartedGateway | undefined> {
  const { config, host, controlPort } = parts.options
  let { port } = parts.options
  let onLastGood = false
  for (;;) {
    let gateway: Gateway | undefined
    try {
      gateway = await createGateway({
        configFile: config,
        lastGoodConfig: onLastGood,
        host,
        port,
        controlPort,
        controlInProcess: true,
        windowFolder: parts.windowFolder,
        autostart: parts.autostart,
        env: parts.env,
      })
      await gateway.listen()
      return { gateway, onLastGood }
    } catch (thrown) {
      await gateway?.close(0)
      const answer = await askAbout(thrown, parts.stateFolder)
      if (answer === 'quit') return undefined
      if (answer === 'another port') port = 0
      // whoever tries again has perhaps mended it
      if (answer !== 'another port') onLastGood = answer === 'last good'
    }
  }
}

type Answer = 'quit' | 'again' | 'another port' | 'last good'

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

async function askAboutConfig({ problems, lastGood }: ConfigError): Promise<Answer> {
  const message = 'The config has mistakes, so Patchbay did not start.'
  const detail = problems.slice(0, 12).map(printProblem).join('\n')
  if (lastGood === undefined) return ask(message, detail, [again, quit])
  const date = new Date(lastGood).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
  const then = `The last good version (laid aside ${date}) can serve until the file is mended; nothing is overwritten.`
  return ask(message, `${detail}\n\n${then}`, [
    { label: 'Use the last good version', answer: 'last good' },
    again,
    quit,
  ])
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
