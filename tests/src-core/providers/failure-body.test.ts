import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readFailureBody } from '../../../src-core/providers/failure-body.ts'

const google = {
  error: {
    code: 429,
    message: 'Quota exceeded. Please retry in 12.5s.',
    status: 'RESOURCE_EXHAUSTED',
    details: [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMIT_EXCEEDED', domain: 'x' },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '12.5s' },
    ],
  },
}

const openai = {
  message: 'The model `x` does not exist',
  type: 'invalid_request_error',
  param: null,
  code: 'model_not_found',
}

const python =
  "litellm.BadRequestError: AzureException BadRequestError - Error code: 400 - {'error': {'message': \"This model's maximum " +
  "context length is 8192 tokens.\", 'type': 'invalid_request_error', 'param': 'messages', 'code': 'context_length_exceeded'}}" +
  '. Received Model Group=azure-gpt\nAvailable Model Group Fallbacks=None LiteLLM Retried: 1 times, LiteLLM Max Retries: 2'

describe('every shape gives its message, code and type once', () => {
  test.each<[string, unknown, Partial<ReturnType<typeof readFailureBody>>]>([
    [
      'google.rpc',
      google,
      { code: 'RESOURCE_EXHAUSTED', reason: 'RATE_LIMIT_EXCEEDED', message: google.error.message },
    ],
    ['google.rpc in an array', [google], { code: 'RESOURCE_EXHAUSTED', message: google.error.message }],
    [
      'google.rpc as text in its own message',
      { error: { code: 429, status: 'Too Many Requests', message: JSON.stringify(google, null, 2) } },
      { code: 'RESOURCE_EXHAUSTED', reason: 'RATE_LIMIT_EXCEEDED', message: google.error.message },
    ],
    ['OpenAI', { error: openai }, { code: 'model_not_found', type: 'invalid_request_error', message: openai.message }],
    ['a code as a number', { error: { ...openai, code: 404 } }, { code: '404', message: openai.message }],
    ['a code as None', { error: { ...openai, type: 'None', code: '404' } }, { code: '404', type: undefined }],
    [
      'Anthropic',
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'r' },
      { type: 'overloaded_error', message: 'Overloaded' },
    ],
    ['FastAPI text', { detail: 'Not Found' }, { message: 'Not Found' }],
    ['FastAPI object', { detail: { error: 'No key' } }, { message: 'No key' }],
    [
      'FastAPI validation',
      { detail: [{ loc: ['body'], msg: 'field required', type: 'x' }] },
      { message: 'field required' },
    ],
    ['message alone', { message: 'no' }, { message: 'no' }],
    ['statusCode and message', { statusCode: 401, message: 'no' }, { message: 'no' }],
    ['error as text', { error: "model 'x' not found" }, { message: "model 'x' not found" }],
    [
      'LiteLLM around JSON',
      {
        error: {
          message: `litellm.BadRequestError: AzureException - ${JSON.stringify({ error: openai })}`,
          type: null,
          param: null,
          code: '400',
        },
      },
      { code: 'model_not_found', message: openai.message },
    ],
    [
      'LiteLLM around Python',
      { error: { message: python, type: null, param: null, code: '400' } },
      { code: 'context_length_exceeded', message: "This model's maximum context length is 8192 tokens." },
    ],
    [
      'LiteLLM around words',
      {
        error: {
          message:
            'litellm.AuthenticationError: AzureException AuthenticationError - Access denied. Received Model Group=g\nAvailable',
          code: '401',
        },
      },
      { message: 'Access denied' },
    ],
    ['an event frame', `data: ${JSON.stringify({ error: openai })}\n\n`, { code: 'model_not_found' }],
    [
      'doubled commas',
      '{"error":{"code":503,,"message":"busy","status":"UNAVAILABLE",}}',
      { code: 'UNAVAILABLE', message: 'busy' },
    ],
    [
      'HTML',
      '<html><head><title>502 Bad Gateway</title></head></html>',
      { message: 'an HTML page titled “502 Bad Gateway”' },
    ],
    ['plain text', 'upstream connect error', { message: 'upstream connect error' }],
    ['a JSON string', '"just words"', { message: 'just words' }],
    ['nothing', '', { message: '', codes: [] }],
    ['null', 'null', { message: '' }],
    ['torn JSON', '{"error": {"message": "half', { message: '{"error": {"message": "half' }],
  ])('%s', (_what, body, expected) => {
    expect(readFailureBody(typeof body === 'string' ? body : JSON.stringify(body))).toMatchObject(expected)
  })
})

test('codes come from every level, LiteLLM’s class and Azure’s inner error included', () => {
  const filtered = {
    error: { code: 'content_filter', innererror: { code: 'ResponsibleAIPolicyViolation' }, message: 'x' },
  }
  const message = `litellm.ContentPolicyViolationError: AzureException - ${JSON.stringify(filtered)}`
  const { codes } = readFailureBody(JSON.stringify({ error: { message, code: '400' } }))
  expect(codes).toEqual(
    expect.arrayContaining(['400', 'contentpolicyviolationerror', 'content_filter', 'responsibleaipolicyviolation']),
  )
})

test('no body makes it throw, and no message holds JSON that could be read', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((json) => `{"error":{"message":${JSON.stringify(json)}}}`),
      ),
      (body) => {
        const { message, codes } = readFailureBody(body)
        expect(typeof message).toBe('string')
        expect(codes.every((code) => typeof code === 'string')).toBe(true)
      },
    ),
  )
})
