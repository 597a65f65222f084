import { describe, expect, test } from 'vitest'
import { endpointFor } from '../../../src-core/providers/endpoint.ts'

type Case = [what: string, base: string, path: string, expected: string, model?: string]

const plain = { protocol: 'openai-chat', apiKeyHeader: 'authorization' } as const
const azure = { protocol: 'openai-chat', apiKeyHeader: 'api-key' } as const
const gemini = { protocol: 'gemini-chat', apiKeyHeader: 'x-goog-api-key' } as const

function run(cases: Case[], provider: Omit<Parameters<typeof endpointFor>[0], 'baseUrl'>) {
  test.each(cases)('%s', (_what, baseUrl, path, expected, model = 'gpt-5') => {
    expect(endpointFor({ ...provider, baseUrl }, { model }, path).href).toBe(expected)
  })
}

describe('any openai-shaped service', () => {
  run(
    [
      ['appends', 'https://api.openai.com/v1', '/chat/completions', 'https://api.openai.com/v1/chat/completions'],
      ['a trailing slash', 'http://h:4000/v1/', '/chat/completions', 'http://h:4000/v1/chat/completions'],
      ['v1 never twice', 'http://h:4000/v1', '/v1/embeddings', 'http://h:4000/v1/embeddings'],
      ['v4 stays v4', 'https://api.z.ai/api/paas/v4', '/v1/embeddings', 'https://api.z.ai/api/paas/v4/embeddings'],
      ['no version in the base', 'http://h:4000', '/v1/models', 'http://h:4000/v1/models'],
      ['a query in the base', 'https://h/v1?tenant=7', '/chat/completions', 'https://h/v1/chat/completions?tenant=7'],
      ['queries merge', 'https://h/v1?tenant=7', '/x?alt=sse', 'https://h/v1/x?tenant=7&alt=sse'],
      ['a pasted endpoint', 'https://h/v1/chat/completions', '/chat/completions', 'https://h/v1/chat/completions'],
      ['a mount at /openai', 'https://h/openai', '/chat/completions', 'https://h/openai/chat/completions'],
    ],
    plain,
  )
})

describe('Code Assist', () => {
  const codeAssist = { protocol: 'gemini-chat', apiKeyHeader: 'authorization', envelope: 'code-assist' } as const
  const google = 'https://cloudcode-pa.googleapis.com/v1internal'
  run(
    [
      ['a method', google, ':generateContent', `${google}:generateContent`],
      ['a stream', google, ':streamGenerateContent?alt=sse', `${google}:streamGenerateContent?alt=sse`],
      ['an operation', google, '/operations/7', `${google}/operations/7`],
      ['a trailing slash', `${google}/`, ':countTokens', `${google}:countTokens`],
      ['as CODE_ASSIST_ENDPOINT is written', 'http://h:1', ':countTokens', 'http://h:1/v1internal:countTokens'],
      ['behind a mount', 'http://h/gw', '/operations/7', 'http://h/gw/v1internal/operations/7'],
      ['another version', 'http://h/v2', ':countTokens', 'http://h/v2:countTokens'],
      ['a pasted endpoint', `${google}:generateContent`, ':countTokens', `${google}:countTokens`],
    ],
    codeAssist,
  )
})

describe('Azure, v1 road', () => {
  const v1 = 'https://res.openai.azure.com/openai/v1'
  run(
    [
      ['as documented', v1, '/chat/completions', `${v1}/chat/completions`],
      ['only the resource', 'https://res.openai.azure.com', '/chat/completions', `${v1}/chat/completions`],
      ['the resource and /openai', 'https://res.openai.azure.com/openai/', '/responses', `${v1}/responses`],
      ['a stand-in host', 'http://127.0.0.1:9/openai/v1', '/models', 'http://127.0.0.1:9/openai/v1/models'],
    ],
    azure,
  )

  run([['a dated version is left out', v1, '/chat/completions', `${v1}/chat/completions`]], {
    ...azure,
    apiVersion: '2024-10-21',
  })
  run([['preview is sent', v1, '/chat/completions', `${v1}/chat/completions?api-version=preview`]], {
    ...azure,
    apiVersion: 'preview',
  })
  run(
    [
      [
        'the host tells, whatever the header',
        'https://r.openai.azure.com',
        '/models',
        'https://r.openai.azure.com/openai/v1/models',
      ],
    ],
    plain,
  )
})

describe('Azure, classic road', () => {
  const classic = 'https://res.openai.azure.com/openai/deployments/gpt-5/chat/completions?api-version=2024-10-21'
  run(
    [
      ['only the resource', 'https://res.openai.azure.com', '/chat/completions', classic],
      ['the resource and /openai', 'https://res.openai.azure.com/openai', '/chat/completions', classic],
      [
        'a deployment in the base',
        'https://res.openai.azure.com/openai/deployments/mine',
        '/chat/completions',
        'https://res.openai.azure.com/openai/deployments/mine/chat/completions?api-version=2024-10-21',
      ],
      [
        'the portal’s whole URI wins with its own version',
        'https://res.openai.azure.com/openai/deployments/mine/chat/completions?api-version=2025-01-01-preview',
        '/chat/completions',
        'https://res.openai.azure.com/openai/deployments/mine/chat/completions?api-version=2025-01-01-preview',
      ],
      [
        'embeddings belong to a deployment',
        'https://res.openai.azure.com',
        '/v1/embeddings',
        'https://res.openai.azure.com/openai/deployments/emb%2F3/embeddings?api-version=2024-10-21',
        'emb/3',
      ],
      [
        'responses do not',
        'https://res.openai.azure.com',
        '/responses',
        'https://res.openai.azure.com/openai/responses?api-version=2024-10-21',
      ],
    ],
    { ...azure, apiVersion: '2024-10-21' },
  )
  run(
    [['the version in the base', 'https://res.openai.azure.com?api-version=2024-10-21', '/chat/completions', classic]],
    azure,
  )
})

describe('Gemini', () => {
  const base = 'https://generativelanguage.googleapis.com/v1beta'
  run(
    [
      ['a model', base, '/models/gemini-3.5-flash:generateContent', `${base}/models/gemini-3.5-flash:generateContent`],
      ['a stream', base, '/models/g:streamGenerateContent?alt=sse', `${base}/models/g:streamGenerateContent?alt=sse`],
      [
        'a slash in the model',
        base,
        '/models/google/gemma:generateContent',
        `${base}/models/google%2Fgemma:generateContent`,
      ],
      [
        'encoded already',
        base,
        '/models/google%2Fgemma:generateContent',
        `${base}/models/google%2Fgemma:generateContent`,
      ],
      ['a bare percent sign', base, '/models/50%25-off%:countTokens', `${base}/models/50%2525-off%25:countTokens`],
      ['a relayed path', base, '/v1beta/models/g:countTokens', `${base}/models/g:countTokens`],
      ['a list', base, '/models?pageSize=1000', `${base}/models?pageSize=1000`],
    ],
    gemini,
  )
})

describe('a service that differs from its family', () => {
  const base = 'https://h/api/v1'
  run(
    [
      ['a path under the base', base, '/chat/completions', `${base}/text/chat`],
      ['a whole address', base, '/v1/embeddings', 'https://other/gpt-5/embed'],
      ['queries stay', base, '/embeddings?a=b', 'https://other/gpt-5/embed?a=b'],
      ['the rest as usual', base, '/models', `${base}/models`],
    ],
    { ...plain, endpoints: { chat: 'text/chat', embeddings: 'https://other/{model}/embed' } },
  )
  run([['a Gemini method', base, '/models/gpt-5:countTokens', `${base}/count/gpt-5`]], {
    ...gemini,
    endpoints: { countTokens: '/count/{model}' },
  })
})

test.each(['.', '..'])('a deployment named %s leads nowhere', (model) => {
  const provider = { ...azure, baseUrl: 'https://res.openai.azure.com', apiVersion: '2024-10-21' }
  expect(() => endpointFor(provider, { model }, '/chat/completions')).toThrow('no name of a model')
})
