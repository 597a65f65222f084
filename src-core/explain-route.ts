import type { Codec } from './codecs/codec.ts'
import { type Explanation, explain } from './model/decision.ts'
import { GatewayError } from './model/error.ts'
import type { ModelRequest, Protocol, Wire } from './model/request.ts'
import type { Decide } from './router/decide.ts'
import { matchPath } from './server/paths.ts'

/** A request as a client would send it. */
export interface AskedRoute {
  /** Path and query, as on the data port. */
  path: string
  body: object | string
  headers?: Readonly<Record<string, string>>
  /** The config as a text that need not be saved; left out, the one in force decides. */
  config?: string
  /** Taken for the size of the input, instead of counting it. */
  tokens?: number
}

type WhatIf = Pick<AskedRoute, 'config' | 'tokens'>

export type ExplainRoute = (asked: AskedRoute) => Explanation

/** Where a request would go and why, decided by the very function that decides for requests. Sends nothing. */
export function createExplainRoute(
  codecs: Partial<Record<Protocol, Codec>>,
  decideIf: (what: WhatIf) => Decide,
): ExplainRoute {
  return ({ config, tokens, ...asked }) => explain(decideIf({ config, tokens })(requestOf(asked, codecs)))
}

function requestOf({ path, body, headers = {} }: AskedRoute, codecs: Partial<Record<Protocol, Codec>>): ModelRequest {
  const operation = matchPath('POST', path.split('?', 1)[0]!)
  if (operation?.type !== 'generate') {
    throw new GatewayError(
      'bad-request',
      'path: expected one a model is asked at, such as /v1/chat/completions or /v1beta/models/NAME:generateContent.',
      { path: 'path' },
    )
  }
  const codec = codecs[operation.protocol]
  if (!codec) {
    throw new GatewayError('unsupported', `This version of Patchbay does not speak ${operation.protocol} yet.`, {
      path: 'path',
    })
  }
  const wire: Wire = {
    id: 'explain',
    protocol: operation.protocol,
    envelope: operation.envelope,
    path,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  }
  try {
    return codec.decodeRequest(wire)
  } catch (thrown) {
    if (thrown instanceof GatewayError) thrown.path = thrown.path === undefined ? 'body' : `body.${thrown.path}`
    throw thrown
  }
}
