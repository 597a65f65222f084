import fs from 'node:fs'
import path from 'node:path'

export type ClientProtocol = 'gemini' | 'gemini-code-assist' | 'openai-chat' | 'openai-responses' | 'anthropic-messages'
export type BackendProtocol = 'gemini-chat' | 'openai-chat' | 'openai-responses' | 'anthropic-messages'

export interface Assertion {
  path: string
  op: string
  value?: unknown
  optional?: boolean
  prefer?: unknown
  key?: string
}

export interface Expectation {
  status?: number
  partial?: unknown
  assert?: Assertion[]
  capture?: Record<string, string>
  optional?: boolean
  assert_if_provider?: unknown
}

export interface BackendResponse {
  status?: number
  headers?: Record<string, string>
  json?: unknown
  sse?: string
  /** `every:N` */
  split?: string
  end?: 'close'
}

export interface Step {
  client_request: { path: string; body: unknown; headers?: Record<string, string> }
  expect_backend_request?: Expectation
  backend_response: BackendResponse
  expect_client_response?: Expectation
}

/** One exchange, or several in a row, as the files in tests/fixtures/cases describe them. */
export interface TranslationCase {
  file: string
  name: string
  why: string
  client_protocol: ClientProtocol
  backend_protocol: BackendProtocol
  backend_model?: string
  stream?: boolean
  steps: Step[]
}

export function loadCases(folder: string): TranslationCase[] {
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files.sort().map((file) => {
    const read = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')) as TranslationCase & Step
    const { client_request, expect_backend_request, backend_response, expect_client_response } = read
    const only = { client_request, expect_backend_request, backend_response, expect_client_response } as Step
    return { ...read, file, steps: read.steps ?? [only] }
  })
}

/** `${name}` alone in a string becomes the captured value, inside a longer string its text. */
export function fillIn<T>(template: T, captured: ReadonlyMap<string, unknown>): T {
  if (typeof template === 'string') {
    const whole = /^\$\{(\w+)\}$/.exec(template)?.[1]
    if (whole !== undefined && captured.has(whole)) return captured.get(whole) as T
    return template.replace(/\$\{(\w+)\}/g, (all, name: string) =>
      captured.has(name) ? String(captured.get(name)) : all,
    ) as T
  }
  if (Array.isArray(template)) return template.map((item) => fillIn(item, captured)) as T
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillIn(value, captured)])) as T
}
