import { GatewayError } from '../model/error.ts'

/** How far a request had come when it failed. */
export type Stage = 'connecting' | 'waiting' | 'reading'

export interface Place {
  /** Host and port only: a URL's path or query may hold what is nobody's business. */
  host: string
  stage: Stage
  /** Host of the corporate proxy on the way. */
  proxy?: string
}

/** What went wrong on the way to a provider, in words, as the kind it is. */
export function transportError(thrown: unknown, place: Place): GatewayError {
  if (thrown instanceof GatewayError) return thrown
  const { kind, words } = judge(thrown, place)
  return new GatewayError(kind, words, { cause: thrown })
}

export function timeoutError(place: Place, afterMs: number): GatewayError {
  const seconds = afterMs < 1000 ? `${afterMs} ms` : `${Math.round(afterMs / 100) / 10} s`
  const by = place.proxy ? ` through the proxy ${place.proxy}` : ''
  const words = {
    connecting: `${place.host} could not be connected to${by} within ${seconds}.`,
    waiting: `${place.host} did not begin to answer within ${seconds}.`,
    reading: `${place.host} fell silent in the middle of its answer for ${seconds}.`,
  }
  return new GatewayError('timeout', words[place.stage])
}

/** Which step on the way a failure to reach a service was about. */
export function failedStep({ cause }: GatewayError): 'proxy' | 'dns' | 'tls' | 'connection' {
  const code = codeOf(cause)
  if (proxyAnswer.test(messageOf(cause))) return 'proxy'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns'
  return trustProblem(code) || isTlsFault(code) ? 'tls' : 'connection'
}

type Verdict = { kind: 'provider-unreachable' | 'timeout' | 'stream-broken'; words: string }

function judge(thrown: unknown, { host, stage, proxy }: Place): Verdict {
  const code = codeOf(thrown)
  if (stage === 'reading') {
    const words = isGarbled(thrown, code)
      ? `${host} broke off its answer with something that is not HTTP.`
      : `${host} closed the connection in the middle of its answer.`
    return { kind: 'stream-broken', words }
  }
  const peer = stage === 'connecting' && proxy ? `the proxy ${proxy} (on the way to ${host})` : host
  const unreachable = (words: string): Verdict => ({ kind: 'provider-unreachable', words })
  const proxyStatus = proxyAnswer.exec(messageOf(thrown))
  if (proxyStatus && proxy) {
    const status = proxyStatus[1] ?? proxyStatus[2]
    const because = status === '407' ? 'it asks for a user name and password' : `it answered ${status}`
    return unreachable(`The proxy ${proxy} did not let the request through to ${host}: ${because}.`)
  }
  switch (code) {
    case 'ENOTFOUND':
      return unreachable(`The name of ${peer} is not known (DNS). Check the baseUrl and the network.`)
    case 'EAI_AGAIN':
      return unreachable(`The name of ${peer} could not be looked up (DNS does not answer). Check the network.`)
    case 'ECONNREFUSED':
      return unreachable(`${sentence(peer)} refused the connection: nothing listens there. Is the server running?`)
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return unreachable(`There is no way to ${peer} from this network (${code}).`)
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return { kind: 'timeout', words: `${sentence(peer)} did not accept the connection in time.` }
    case 'UND_ERR_DESTROYED':
    case 'UND_ERR_CLOSED':
      return unreachable(`The gateway is stopping; ${host} was not asked.`)
  }
  // Through a tunnel the handshake is with the service, unless undici says otherwise.
  const tlsPeer = proxy && nameOf(thrown) === 'SecureProxyConnectionError' ? peer : host
  const trust = trustProblem(code)
  if (trust) return unreachable(`The TLS certificate of ${tlsPeer} was not accepted: ${trust} (${code}).`)
  if (isTlsFault(code)) {
    const plain = /wrong version number|packet length too long|http request/i.test(messageOf(thrown))
    const why = plain ? 'it seems to speak plain HTTP, not HTTPS' : code
    return unreachable(`No TLS connection could be made with ${tlsPeer}: ${why}.`)
  }
  if (isGarbled(thrown, code)) {
    return unreachable(`${host} answered with something that is not HTTP. Check scheme and port of the baseUrl.`)
  }
  return unreachable(`${sentence(peer)} closed the connection before answering${code ? ` (${code})` : ''}.`)
}

const proxyAnswer = /Proxy response \((\d+)\)|Proxy Authentication Required \((407)\)/

const isTlsFault = (code: string): boolean =>
  code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code === 'UND_ERR_PRX_TLS'

function trustProblem(code: string): string | undefined {
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return 'it is signed by nobody this machine knows; name your CA in PATCHBAY_CA_FILE'
    case 'CERT_HAS_EXPIRED':
      return 'it has expired'
    case 'CERT_NOT_YET_VALID':
      return "it is not valid yet; check this machine's clock"
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'it belongs to another host'
  }
  return /^(CERT_|UNABLE_TO_|CRL_|INVALID_CA)/.test(code) ? 'it could not be verified' : undefined
}

function codeOf(thrown: unknown): string {
  // Several addresses were tried: the first failure speaks for all, and a proxy's failure hides inside.
  if (thrown instanceof AggregateError && !hasCode(thrown)) return codeOf(thrown.errors[0])
  if (!(thrown instanceof Error)) return ''
  if (/^UND_ERR_PRX/.test(hasCode(thrown) ?? '') && thrown.cause instanceof Error) return codeOf(thrown.cause)
  return hasCode(thrown) ?? ''
}

function hasCode(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

const isGarbled = (thrown: unknown, code: string): boolean =>
  nameOf(thrown) === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW'

const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : '')
const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : '')
/** At the start of a sentence; a host keeps its spelling. */
const sentence = (peer: string): string => (peer.startsWith('the ') ? `T${peer.slice(1)}` : peer)

export const answerTooLarge = (limit: number): GatewayError =>
  new GatewayError('provider-error', `The provider's answer is larger than ${Math.round(limit / 1048576)} MB.`)
