import type { Answer, Gate, ProviderRequest } from './scripted-provider.ts'

const refuse = (status: number, json: unknown): Answer => ({ status, json })

/** A listing nobody scripted is an empty one, so that a gateway's questions do not use up a test's answers. */
const emptyList: Answer = { json: { object: 'list', data: [], models: [] } }
const listing = (request: ProviderRequest): Answer | undefined => (request.method === 'GET' ? emptyList : undefined)

/** api.openai.com and everything that speaks like it. */
export function openaiGate(key: string): Gate {
  return (request) => {
    if (request.headers.authorization === `Bearer ${key}`) return listing(request)
    return refuse(401, {
      error: {
        message: 'Incorrect API key provided: wr***ng.',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    })
  }
}

/** The Gemini API: a bad key is 400 with an ErrorInfo, as the real service says it. */
export function geminiGate(key: string): Gate {
  return (request) => {
    if (request.headers['x-goog-api-key'] === key) return listing(request)
    return refuse(400, {
      error: {
        code: 400,
        message: 'API key not valid. Please pass a valid API key.',
        status: 'INVALID_ARGUMENT',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'API_KEY_INVALID',
            domain: 'googleapis.com',
          },
        ],
      },
    })
  }
}

export interface AzureResource {
  key: string
  deployment: string
  /** Classic road: the dated version the resource knows. Without it the v1 road is served. */
  apiVersion?: string
}

/** An Azure OpenAI resource: key header, deployment and api-version are each checked and refused in Azure's words. */
export function azureGate(resource: AzureResource): Gate {
  return (request) => {
    if (!holdsAzureKey(request, resource)) {
      return refuse(401, {
        error: {
          code: '401',
          message:
            'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
        },
      })
    }
    const notFound = refuse(404, { error: { code: '404', message: 'Resource not found' } })
    const missing = refuse(404, {
      error: {
        code: 'DeploymentNotFound',
        message:
          'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.',
      },
    })
    const url = new URL(request.path, 'http://resource.invalid')
    if (!resource.apiVersion) {
      if (!url.pathname.startsWith('/openai/v1/')) return notFound
      const model = (request.json as { model?: unknown } | undefined)?.model
      if (request.method === 'GET') return emptyList
      return model === resource.deployment ? undefined : missing
    }
    if (url.searchParams.get('api-version') !== resource.apiVersion) return notFound
    const [, deployment] = /^\/openai\/deployments\/([^/]+)\//.exec(url.pathname) ?? []
    if (!deployment) return notFound
    return decodeURIComponent(deployment) === resource.deployment ? undefined : missing
  }
}

function holdsAzureKey(request: ProviderRequest, { key, apiVersion }: AzureResource): boolean {
  if (request.headers['api-key'] === key) return true
  return apiVersion === undefined && request.headers.authorization === `Bearer ${key}`
}
