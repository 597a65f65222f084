import http from 'node:http'
import { isObject, type Json } from '../model/json.ts'

/** The models a local server offers, or undefined when none answers there. */
export type Probe = (modelsUrl: string) => Promise<readonly string[] | undefined>

const longestAnswer = 1024 * 1024

/** Asks an OpenAI-shaped model list once, briefly. A server that does not answer at once is not there. */
export function createProbe({ timeoutMs = 300 }: { timeoutMs?: number } = {}): Probe {
  return (modelsUrl) =>
    new Promise((resolve) => {
      const signal = AbortSignal.timeout(timeoutMs)
      const request = http.get(modelsUrl, { signal, agent: false }, (response) => {
        const parts: Buffer[] = []
        let size = 0
        response.on('error', () => resolve(undefined))
        response.on('data', (part: Buffer) => {
          size += part.length
          if (size > longestAnswer) request.destroy()
          else parts.push(part)
        })
        response.on('close', () => {
          const whole = response.complete && response.statusCode === 200
          resolve(whole ? modelIds(Buffer.concat(parts).toString('utf8')) : undefined)
        })
      })
      request.on('error', () => resolve(undefined))
    })
}

function modelIds(text: string): string[] | undefined {
  try {
    const body: Json = JSON.parse(text)
    if (!isObject(body) || !Array.isArray(body.data)) return undefined
    return body.data.flatMap((model) => (isObject(model) && typeof model.id === 'string' ? [model.id] : []))
  } catch {
    return undefined // something else listens on that port
  }
}
