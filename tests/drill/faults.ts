import { chatAnswer, chatStream, geminiAnswer, geminiStream } from '../helpers/answers.ts'
import type { Answer } from '../helpers/scripted-provider.ts'
import { answered, brokenOff, byDialect, byForm, type Fault, refused } from './fault.ts'

export const firstText = 'The first speaks: grüße, 你好, 🚀 and on it goes.'
export const secondText = 'The second speaks: grüße, 你好, 🚀 and on it goes.'

const chat = ({ stream }: { stream: boolean }): Answer =>
  stream ? chatStream({ text: firstText }) : chatAnswer({ text: firstText })
const gemini = ({ stream }: { stream: boolean }): Answer =>
  stream ? geminiStream({ text: firstText }) : geminiAnswer({ text: firstText })

const json = (status: number, error: object, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  json: { error },
})
const bytesOf = ({ sse, json }: Answer): Buffer => Buffer.from(json === undefined ? String(sse) : JSON.stringify(json))

/** Cut in the middle of the words, wherever those stand. */
function cutInWords(whole: Answer, how: 'close' | 'reset' | 'hang'): Answer {
  return { ...whole, cut: { at: bytesOf(whole).indexOf('goes') - 20, how } }
}

const overloaded = { message: 'The engine is overloaded, please try again.', type: 'server_error', code: 503 }
const rateLimit = { message: 'Rate limit reached for requests', type: 'requests', code: 'rate_limit_exceeded' }
const tooLong = {
  message: "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
  type: 'invalid_request_error',
  param: 'messages',
  code: 'context_length_exceeded',
}
const wrongKey = { message: 'Incorrect API key provided.', type: 'invalid_request_error', code: 'invalid_api_key' }

/** Half a frame is no event; whoever relays it sees no more than that the end is missing. */
const cutShort = /^gemini-\d+(?:\.the-model ended its answer before it was finished|: .* event that is not JSON)/

/** Tries at one target before the next one (`retry.attempts`). */
const tries = 3
const soon = { firstByteMs: 600, idleMs: 600 }

export const faults: readonly Fault[] = [
  // limits
  {
    name: '429, two minutes to wait',
    service: 'openai',
    answer: () => json(429, rateLimit, { 'retry-after': '120' }),
    alone: refused(429, 1, /limits how often .* try again in 120 s/, { waitSeconds: 120 }),
    withSecond: answered('second', 2),
  },
  {
    name: '429, one second to wait',
    service: 'openai',
    answer: (asked) => (asked.nth === 1 ? json(429, rateLimit, { 'retry-after': '1' }) : chat(asked)),
    alone: answered('first', 2, { notBefore: 1 }),
    withSecond: answered('second', 2),
  },
  {
    name: '429, RetryInfo of an hour',
    service: 'gemini',
    answer: () =>
      json(429, {
        code: 429,
        message: 'Resource exhausted.',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3600s' }],
      }),
    alone: refused(429, 1, /limits how often .* try again after \d{4}-.* UTC/, { waitSeconds: 3600 }),
    withSecond: answered('second', 2),
  },
  {
    name: "429, the day's quota",
    service: 'gemini',
    answer: () =>
      json(429, {
        code: 429,
        message: 'You exceeded your current quota.',
        status: 'RESOURCE_EXHAUSTED',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
            violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }],
          },
        ],
      }),
    alone: byDialect(refused(403, 1, /Today's quota .* is used up/), refused(429, 1, /Today's quota .* is used up/)),
    withSecond: answered('second', 2),
  },
  {
    name: '429, no credit left',
    service: 'openai',
    answer: () => json(429, { message: 'You exceeded your current quota.', code: 'insufficient_quota' }),
    alone: byDialect(
      refused(403, 1, /quota or balance .* is used up/),
      refused(429, 1, /quota or balance .* is used up/),
    ),
    withSecond: answered('second', 2),
  },
  {
    name: "429 of an Azure deployment, a minute's wait",
    service: 'azure-openai',
    answer: () =>
      json(429, { code: '429', message: 'Requests have exceeded token rate limit.' }, { 'retry-after-ms': '60000' }),
    alone: refused(429, 1, /Azure deployment .* over its rate limit: try again in 60 s/, { waitSeconds: 60 }),
    withSecond: answered('second', 2),
  },

  // the service's own trouble
  {
    name: '500 twice, then well',
    service: 'openai',
    answer: (asked) => (asked.nth <= 2 ? json(500, { message: 'Internal error.' }) : chat(asked)),
    alone: answered('first', 3),
    withSecond: answered('first', 3),
  },
  {
    name: '500 again and again',
    service: 'gemini',
    answer: () => json(500, { code: 500, message: 'Internal error encountered.', status: 'INTERNAL' }),
    alone: refused(503, tries, /failed on .* \(500\): the fault is on its side/),
    withSecond: answered('second', tries + 1),
  },
  {
    name: '503, overloaded',
    service: 'gemini',
    answer: () => json(503, { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' }),
    alone: refused(503, tries, /overloaded at Google/),
    withSecond: answered('second', tries + 1),
  },
  {
    name: '502, a web page of a proxy',
    service: 'openai',
    answer: () => ({
      status: 502,
      text: '<html><h1>Bad Gateway</h1></html>',
      headers: { 'content-type': 'text/html' },
    }),
    alone: refused(503, tries, /failed on .* \(502\)/),
    withSecond: answered('second', tries + 1),
  },
  {
    name: 'overload inside 200',
    service: 'openai',
    answer: ({ stream }) =>
      stream ? { sse: `data: ${JSON.stringify({ error: overloaded })}\n\n` } : { json: { error: overloaded } },
    alone: refused(503, tries, /engine is overloaded/),
    withSecond: answered('second', tries + 1),
  },
  {
    name: 'overload inside 200, after the first words',
    service: 'openai',
    answer: (asked) => {
      const { sse } = chat(asked)
      if (sse === undefined) return { json: { error: overloaded } }
      const begun = String(sse).split('\n\n').slice(0, 4).join('\n\n')
      return { sse: `${begun}\n\ndata: ${JSON.stringify({ error: overloaded })}\n\n` }
    },
    alone: byForm(brokenOff(/engine is overloaded/), refused(503, tries, /engine is overloaded/)),
    withSecond: byForm(brokenOff(/engine is overloaded/), answered('second', tries + 1)),
  },
  {
    name: '200 with a login page',
    service: 'openai',
    answer: () => ({ text: '<html><title>Log in</title></html>', headers: { 'content-type': 'text/html' } }),
    alone: refused(503, tries, /web page/),
    withSecond: answered('second', tries + 1),
  },
  {
    name: '200 with nothing in it',
    service: 'gemini',
    answer: ({ stream }) => (stream ? { sse: '' } : { text: '', headers: { 'content-type': 'application/json' } }),
    alone: byForm(
      refused(502, tries, /ended its answer without saying anything/),
      refused(503, tries, /answered with nothing/),
    ),
    withSecond: answered('second', tries + 1),
  },

  // the way to it
  {
    name: 'a dead host',
    service: 'openai',
    // nothing may listen on port 1
    provider: { baseUrl: 'http://127.0.0.1:1/v1' },
    unreachable: true,
    alone: refused(503, tries, /refused the connection: nothing listens there/),
    withSecond: answered('second', tries + 1),
  },
  {
    name: 'a reset before the answer',
    service: 'gemini',
    answer: () => ({ cut: { at: 'headers', how: 'reset' } }),
    alone: refused(503, tries, /closed the connection before answering/),
    withSecond: answered('second', tries + 1),
  },
  {
    name: 'one reset, then well',
    service: 'gemini',
    answer: (asked) => (asked.nth === 1 ? { cut: { at: 'headers', how: 'reset' } } : gemini(asked)),
    alone: answered('first', 2),
    withSecond: answered('first', 2),
  },
  {
    name: 'no answer at all',
    service: 'openai',
    provider: { timeouts: soon },
    answer: () => ({ cut: { at: 'headers', how: 'hang' } }),
    alone: refused(504, tries, /did not begin to answer within 600 ms/),
    withSecond: answered('second', tries + 1),
  },
  {
    name: 'a status line, then silence',
    service: 'gemini',
    provider: { timeouts: soon },
    answer: (asked) => ({ ...gemini(asked), cut: { at: 0, how: 'hang' } }),
    alone: refused(504, tries, /did not begin to answer within 600 ms/),
    withSecond: answered('second', tries + 1),
  },

  // streams
  {
    name: 'cut before the first word',
    service: 'openai',
    answer: (asked) => ({ ...chat(asked), cut: { at: 30, how: 'reset' } }),
    alone: refused(502, tries, /closed the connection in the middle of its answer/),
    withSecond: answered('second', tries + 1),
  },
  {
    name: 'cut in mid-answer by a reset',
    service: 'openai',
    answer: (asked) => cutInWords(chat(asked), 'reset'),
    alone: byForm(
      brokenOff(/closed the connection in the middle of its answer/),
      refused(502, tries, /closed the connection in the middle of its answer/),
    ),
    withSecond: byForm(brokenOff(/closed the connection in the middle of its answer/), answered('second', tries + 1)),
  },
  {
    name: 'cut in mid-answer by a proper end',
    service: 'gemini',
    answer: (asked) => {
      const whole = bytesOf(gemini(asked))
      const cut = whole.subarray(0, whole.indexOf('goes') - 20)
      return asked.stream ? { sse: cut } : { text: cut.toString(), headers: { 'content-type': 'application/json' } }
    },
    alone: byForm(brokenOff(cutShort), refused(502, tries, /^gemini-\d+: .* not JSON/)),
    withSecond: byForm(brokenOff(cutShort), answered('second', tries + 1)),
  },
  {
    name: 'silence in mid-answer',
    service: 'gemini',
    provider: { timeouts: { idleMs: 600 } },
    answer: (asked) => cutInWords(gemini(asked), 'hang'),
    alone: byForm(
      brokenOff(/fell silent in the middle of its answer for 600 ms/),
      refused(504, tries, /fell silent in the middle of its answer for 600 ms/),
    ),
    withSecond: byForm(brokenOff(/fell silent in the middle of its answer for 600 ms/), answered('second', tries + 1)),
  },
  {
    name: 'UTF-8 split at every byte',
    service: 'openai',
    answer: (asked) => ({ ...chat(asked), split: 1 }),
    alone: answered('first', 1),
    withSecond: answered('first', 1),
  },
  {
    name: 'UTF-8 split at every byte',
    service: 'gemini',
    answer: (asked) => ({ ...gemini(asked), split: 1 }),
    alone: answered('first', 1),
    withSecond: answered('first', 1),
  },

  // keys
  {
    name: 'an expired key',
    service: 'openai',
    answer: () => json(401, wrongKey),
    alone: refused(403, 1, /OpenAI refused the API key of credential “default”/),
    withSecond: answered('second', 2),
  },
  {
    name: 'an expired key, told as 400',
    service: 'gemini',
    answer: () =>
      json(400, {
        code: 400,
        message: 'API key expired. Please renew the API key.',
        status: 'INVALID_ARGUMENT',
        details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
      }),
    alone: refused(403, 1, /Google refused the API key of credential “default”/),
    withSecond: answered('second', 2),
  },
  {
    name: 'one expired key of two',
    service: 'openai',
    provider: {
      auth: [
        { alias: 'old', type: 'apikey', secret: 'env:OLD_KEY' },
        { alias: 'new', type: 'apikey', secret: 'env:FIRST_KEY' },
      ],
    },
    answer: (asked) => (asked.key === 'Bearer old-key' ? json(401, wrongKey) : chat(asked)),
    alone: answered('first', 2),
    withSecond: answered('first', 2),
  },
  {
    name: 'a key that is not set',
    service: 'openai',
    provider: { auth: { type: 'apikey', secret: 'env:NOT_SET' } },
    unreachable: true,
    alone: refused(403, 0, /has no credential: the environment variable NOT_SET is not set/),
    withSecond: answered('second', 1),
  },

  // the request does not suit
  {
    name: '400, a parameter it does not take',
    service: 'openai',
    answer: () => json(400, { message: "Invalid value for 'messages'.", type: 'invalid_request_error' }),
    alone: refused(400, 1, /did not accept the request .*Invalid value for 'messages'/),
    withSecond: refused(400, 1, /did not accept the request .*Invalid value for 'messages'/),
  },
  {
    name: '400, too long for its window',
    service: 'openai',
    provider: { models: { 'the-model': { maxContextTokens: 8192 } } },
    answer: () => json(400, tooLong),
    alone: refused(400, 1, /too long/),
    withSecond: answered('second', 2),
  },
  {
    name: "400, the provider's content filter",
    service: 'azure-openai',
    answer: () =>
      json(400, { code: 'content_filter', message: 'The response was filtered.', innererror: { code: 'x' } }),
    alone: refused(400, 1, /content filter refused the prompt/),
    withSecond: refused(400, 1, /content filter refused the prompt/),
  },
  {
    name: '404, no such model',
    service: 'gemini',
    answer: () => json(404, { code: 404, message: 'models/the-model is not found.', status: 'NOT_FOUND' }),
    alone: refused(400, 1, /has no model the-model/),
    withSecond: answered('second', 2),
  },
  {
    name: 'a target switched off',
    service: 'openai',
    provider: { enabled: false },
    alone: refused(400, 0, /cannot be called/),
    withSecond: answered('second', 1),
  },
]
