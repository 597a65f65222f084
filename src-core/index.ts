/** The only door of src-core. */

export { KeychainError } from './auth/keychain-error.ts'
export { ConnectError } from './clients/connect-error.ts'
export {
  connectGeminiCli,
  disconnectGeminiCli,
  type GeminiCliOptions,
  previewGeminiCli,
} from './clients/gemini-cli.ts'
export { geminiCliNotes, printGeminiCli } from './clients/print-gemini-cli.ts'
export { runningGateway } from './clients/running-gateway.ts'
export { type Shell, shells } from './clients/shell-lines.ts'
export { ConfigError, printProblem } from './config/problem.ts'
export type {
  AccountView,
  AnswerOf,
  CallName,
  Finding,
  HealthOf,
  HealthView,
  InputOf,
  ProviderView,
  Pushes,
  PushName,
  StateView,
} from './control/contract.ts'
export { createWindowFiles, type WindowFiles } from './control/window-files.ts'
export type { AskedRoute } from './explain-route.ts'
export { createGateway, type Gateway, type GatewayOptions, type GatewayState } from './gateway.ts'
export type { InProcessControl } from './gateway-control.ts'
export { PortError } from './http/bind.ts'
export { type KnownGateway, knownGateway, stateFolder } from './known-gateway.ts'
export { type KnownSecrets, knownSecrets } from './known-secrets.ts'
export type { Explanation } from './model/decision.ts'
export { GatewayError } from './model/error.ts'
export type { Autostart } from './start-at-login.ts'
