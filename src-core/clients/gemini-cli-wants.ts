import { envFile } from './env-file.ts'
import type { GatewayAddress } from './gateway-address.ts'
import { mergeNoProxy } from './no-proxy.ts'
import type { OwnedFile } from './ownership.ts'

/** Without a chosen type the CLI picks a hidden one as soon as it sees the base URL, and its headless mode stops with exit 41. */
export const selectedTypeKey = 'security.auth.selectedType'
export const selectedTypeValue = 'gemini-api-key'

/** The CLI refuses to start without any key, even where the gateway asks for none. */
const placeholderKey = 'patchbay'

export interface Wants {
  gateway: GatewayAddress
  environment: Readonly<Record<string, string | undefined>>
  keepOwnKey?: boolean
  /** The text of the `.env` the values go to; empty for shell lines. */
  env: string
  owned?: OwnedFile
}

/** The variables that point the CLI at the gateway. */
export function geminiCliVariables({ gateway, environment, keepOwnKey, env, owned }: Wants): Map<string, string> {
  /** What the user has there without us. */
  const own = (name: string): string | undefined => {
    const found = envFile.find(env, name)?.value
    const ours = owned?.keys.find(({ key }) => key === name)
    if (typeof found !== 'string') return undefined
    if (ours?.value !== found) return found
    return ours.before === null ? undefined : String(envFile.find(`${name}=${ours.before}`, name)?.value ?? '')
  }
  const { url, clientKey } = gateway
  const wanted = new Map<string, string>()
  const inPath = keepOwnKey === true && clientKey !== null
  wanted.set('GOOGLE_GEMINI_BASE_URL', inPath ? `${url}/k/${encodeURIComponent(clientKey)}` : url)
  if (clientKey !== null && !inPath) wanted.set('GEMINI_API_KEY', clientKey)
  else if (keepOwnKey !== true && !own('GEMINI_API_KEY') && !environment.GEMINI_API_KEY)
    wanted.set('GEMINI_API_KEY', placeholderKey)
  const inherited = environment.NO_PROXY || environment.no_proxy
  wanted.set('NO_PROXY', mergeNoProxy(own('NO_PROXY') ?? inherited))
  // Many programs, the CLI's own HTTP library among them, prefer the lower-case name.
  if (environment.no_proxy || own('no_proxy') !== undefined) {
    wanted.set('no_proxy', mergeNoProxy(own('no_proxy') ?? environment.no_proxy))
  }
  return wanted
}
