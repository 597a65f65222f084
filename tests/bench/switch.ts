import { callControl } from '../helpers/call-control.ts'
import { type GatewayProcess, startGateway } from '../helpers/gateway-process.ts'
import { modelThat } from '../helpers/scripted-model.ts'
import { openaiProvider, startScriptedProvider } from '../helpers/scripted-provider.ts'

// From a choice in the tray until a request is answered by the new backend, while 50 streams are open.

const streams = 50
const rounds = 20
/** So much of an answer comes at once, and the rest when the round is over. */
const heldAt = 400

/** How long each switch took, and how many of the open streams it broke. */
export async function switchFigures(): Promise<{ took: number[]; broken: number }> {
  let held = Promise.withResolvers<void>()
  const says = modelThat(() => ({ text: 'one two three four five six seven eight nine ten' }))
  const script: Parameters<typeof startScriptedProvider>[0] = (request) => {
    const { stream } = request.json as { stream: boolean }
    return stream ? { ...says(request), hold: { at: heldAt, until: held.promise } } : says(request)
  }
  await using north = await startScriptedProvider(script)
  await using south = await startScriptedProvider(script)
  await using gateway = await startGateway({
    config: {
      gateway: { clientAuth: { mode: 'none' } },
      virtualrouter: {
        providers: { north: openaiProvider(north), south: openaiProvider(south) },
        activeGroup: 'north',
        routingGroups: {
          north: { routing: { default: [{ targets: ['north.m'] }] } },
          south: { routing: { default: [{ targets: ['south.m'] }] } },
        },
      },
    },
    control: ['--control-port', '0'],
    env: { PATCHBAY_KEYCHAIN: 'off' },
  })
  const took: number[] = []
  let broken = 0
  for (let round = 0; round < rounds; round++) {
    const group = round % 2 ? 'north' : 'south'
    const open = await Promise.all(Array.from({ length: streams }, () => ask(gateway, true)))
    const texts = open.map((response) => response.text())
    const started = performance.now()
    await callControl(gateway, 'setActiveGroup', { group })
    const answer = await ask(gateway, false)
    await answer.arrayBuffer()
    took.push(performance.now() - started)
    const target = answer.headers.get('x-patchbay-target')
    if (target !== `${group}.m`) throw new Error(`after the switch to ${group} the answer came from ${target}`)
    held.resolve()
    held = Promise.withResolvers()
    const ends = await Promise.allSettled(texts)
    broken += ends.filter((end) => end.status === 'rejected' || !end.value.includes('[DONE]')).length
  }
  return { took, broken }
}

function ask({ url }: GatewayProcess, stream: boolean): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'any', stream, messages: [{ role: 'user', content: 'x' }] }),
  })
}
