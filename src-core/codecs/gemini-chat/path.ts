import { GatewayError } from '../../model/error.ts'
import { withLatest } from '../../model/latest.ts'

export interface GeminiPath {
  /** `v1beta`, `v1`, `v1beta1`, `v1internal`. */
  apiVersion: string
  /** Decoded, without `models/`; '' on Code Assist, whose body names it. */
  model: string
  method: string
  /** As it came, without its `?`. */
  query: string
}

/**
 * Takes `/v1beta/models/NAME:method` and its Vertex and Code Assist relatives apart. The name is all that
 * stands between `models/` and the last colon, slashes included. Undefined when it is no such path.
 */
export const parseGeminiPath = withLatest((path: string): GeminiPath | undefined => {
  const question = path.indexOf('?')
  const query = question < 0 ? '' : path.slice(question + 1)
  const plain = decode(question < 0 ? path : path.slice(0, question))
  const colon = plain.lastIndexOf(':')
  const method = plain.slice(colon + 1)
  if (colon < 0 || !/^[A-Za-z]+$/.test(method)) return undefined
  const [apiVersion = '', ...rest] = plain.slice(0, colon).replace(/^\/+/, '').split('/')
  if (!/^v\d\w*$/.test(apiVersion)) return undefined
  if (rest.length === 0) return apiVersion === 'v1internal' ? { apiVersion, model: '', method, query } : undefined
  const models = rest[0] === 'tunedModels' ? 0 : rest.indexOf('models')
  const model = rest.slice(models + 1).join('/')
  return models < 0 || model === '' ? undefined : { apiVersion, model, method, query }
})

/** For codecs: a path that is none of ours is the client's mistake. */
export function requireGeminiPath(path: string): GeminiPath {
  const parsed = parseGeminiPath(path)
  if (parsed) return parsed
  throw new GatewayError(
    'bad-request',
    `The path ${path.slice(0, 200)} is not understood: expected /v1beta/models/NAME:generateContent.`,
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new GatewayError('bad-request', 'The path holds a broken percent escape.', { cause })
  }
}
