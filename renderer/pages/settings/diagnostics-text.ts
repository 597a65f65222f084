import type { WindowState } from '../../store.ts'

type Sources = Pick<WindowState, 'connection' | 'state' | 'health' | 'config'> & { browser: string }

/** Plain lines: version, problems, providers and what rests. Addresses are shortened to their host: a path may be private. */
export function diagnosticsText({ connection, state, health, config, browser }: Sources): string {
  const resting = [...(health?.targets ?? []), ...(health?.credentials ?? [])].filter(
    ({ state: own }) => own !== 'healthy',
  )
  const lines = [
    `Patchbay ${state?.version ?? '?'}, ${connection}`,
    `Window: ${browser}`,
    `Config: ${config?.source ?? '?'}, revision ${config?.revision ?? '?'}, backend ${state?.activeGroup ?? '?'}`,
    ...(config?.problems ?? []).map(({ path, message }) => `  problem at ${path}: ${message}`),
    'Providers:',
    ...(state?.providers ?? []).map(
      ({ id, profile, protocol, baseUrl, enabled, noCredential }) =>
        `  ${id}: ${profile}, ${protocol}, ${hostOf(baseUrl)}${enabled ? '' : ', off'}${noCredential.length > 0 ? ', no credential' : ''}`,
    ),
    resting.length === 0 ? 'Health: nothing rests' : 'Health:',
    ...resting.map((each) => {
      const name = 'target' in each ? each.target : each.credential
      return `  ${name}: ${each.state} since ${new Date(each.since).toISOString()}, ${each.failure?.kind ?? ''} ${each.failure?.providerStatus ?? ''}`.trimEnd()
    }),
  ]
  return lines.join('\n')
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : 'no address'
}
