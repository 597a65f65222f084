import { describe, expect, test } from 'vitest'
import type { ErrorKind } from '../../../src-core/model/error.ts'
import { GatewayError } from '../../../src-core/model/error.ts'
import { explainUnreachable, judgeFailure, parameterToDrop } from '../../../src-core/providers/failure.ts'
import { loadProfiles } from '../../../src-core/providers/service-profile.ts'

const { profiles } = await loadProfiles()
const now = Date.parse('2026-11-21T06:00:00Z')

function provider(profileId: string, model: string) {
  const profile = profiles.get(profileId)!
  return {
    provider: {
      id: profileId,
      name: profile.name,
      baseUrl: profile.baseUrl ?? 'https://res.openai.azure.com',
      failures: profile.failures ?? [],
      waits: profile.waits ?? [],
    },
    target: { id: `${profileId}.${model}`, model, credential: 'default' },
  }
}

function judge(profileId: string, status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return judgeFailure({ status, headers, body: text, ...provider(profileId, 'gpt-5'), now })
}

type Case = [what: string, status: number, body: unknown, kind: ErrorKind, says: RegExp]

function table(profileId: string, cases: Case[]) {
  describe(profileId, () => {
    test.each(cases)('%s', (_what, status, body, kind, says) => {
      const error = judge(profileId, status, body)
      expect({ kind: error.kind, message: error.message }).toEqual({ kind, message: expect.stringMatching(says) })
      expect(error.target).toBe(`${profileId}.gpt-5`)
      expect(error.providerStatus).toBe(status)
      expect(error.message).toContain(profileId)
      expect(error.message.length).toBeLessThanOrEqual(400)
      expect(error.message).not.toMatch(/[{}]|\n|litellm\.|Traceback/)
    })
  })
}

/** The proxy's envelope: code is the status as a string. */
const proxy = (status: number, message: string, type: string | null = null) => ({
  error: { message, type, param: type === null ? null : 'None', code: String(status) },
})
const tail =
  '. Received Model Group=gpt-5\nAvailable Model Group Fallbacks=None LiteLLM Retried: 2 times, LiteLLM Max Retries: 3'
const azure = (code: string, message: string) => JSON.stringify({ error: { code, message } })

table('litellm', [
  [
    'proxy key wrong',
    401,
    proxy(
      401,
      'Authentication Error, Invalid proxy server token passed. Received API Key = sk-...wxyz, Key Hash (Token) =0123456789abcdef0123456789abcdef. Unable to find token in cache or `LiteLLM_VerificationTokenTable`',
      'token_not_found_in_db',
    ),
    'bad-credentials',
    /LiteLLM proxy at 127\.0\.0\.1:4000 refused the key of credential “default”/,
  ],
  [
    'proxy key missing',
    401,
    proxy(401, 'Authentication Error, No api key passed in.', 'auth_error'),
    'bad-credentials',
    /master key/,
  ],
  [
    'proxy key wrong, no database',
    400,
    proxy(400, 'No connected db.', 'no_db_connection'),
    'bad-credentials',
    /without a database only its master key/,
  ],
  [
    'proxy key expired',
    401,
    proxy(401, 'Authentication Error - Expired Key. Key Expiry time 2026-01-01', 'expired_key'),
    'bad-credentials',
    /has expired/,
  ],
  [
    'Azure key behind the proxy wrong',
    401,
    proxy(
      401,
      `litellm.AuthenticationError: AzureException AuthenticationError - Access denied due to invalid subscription key or wrong API endpoint.${tail}`,
    ),
    'model-refused',
    /service behind the LiteLLM proxy refused.*key to the proxy itself is right.*Access denied/,
  ],
  [
    'Azure key behind the proxy wrong, as JSON',
    401,
    proxy(
      401,
      `litellm.AuthenticationError: AzureException AuthenticationError - Error code: 401 - {'error': {'code': '401', 'message': 'Access denied due to invalid subscription key or wrong API endpoint.'}}${tail}`,
    ),
    'model-refused',
    /behind the LiteLLM proxy/,
  ],
  [
    'deployment missing',
    404,
    proxy(
      404,
      `litellm.NotFoundError: AzureException NotFoundError - Error code: 404 - {'error': {'code': 'DeploymentNotFound', 'message': 'The API deployment for this resource does not exist.'}}${tail}`,
    ),
    'model-not-found',
    /Azure deployment behind gpt-5 does not exist/,
  ],
  [
    'deployment missing, in words',
    404,
    proxy(
      404,
      `litellm.NotFoundError: AzureException - The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.${tail}`,
    ),
    'model-not-found',
    /Azure deployment behind gpt-5 does not exist/,
  ],
  [
    'api-version wrong',
    404,
    proxy(404, `litellm.NotFoundError: AzureException NotFoundError - Resource not found${tail}`),
    'model-not-found',
    /api_version or api_base/,
  ],
  [
    'content filter',
    400,
    proxy(
      400,
      `litellm.ContentPolicyViolationError: litellm.BadRequestError: AzureException - ${azure('content_filter', "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.")}`,
    ),
    'content-filtered',
    /content filter behind the LiteLLM proxy/,
  ],
  [
    'overflow by class',
    400,
    proxy(
      400,
      `litellm.ContextWindowExceededError: litellm.BadRequestError: ContextWindowExceededError: AzureException - This model's maximum context length is 8192 tokens.${tail}`,
    ),
    'context-overflow',
    /too long.*maximum context length is 8192/,
  ],
  [
    'overflow, gpt-5 text',
    400,
    proxy(
      400,
      `litellm.BadRequestError: AzureException - Input tokens exceed the configured limit of 272000 tokens.${tail}`,
    ),
    'context-overflow',
    /272000/,
  ],
  [
    'overflow, Responses text',
    400,
    proxy(400, 'litellm.BadRequestError: AzureException - Your input exceeds the context window of this model.'),
    'context-overflow',
    /context window/,
  ],
  [
    'all deployments cooling',
    429,
    proxy(
      429,
      "No deployments available for selected model, Try again in 12.5 seconds. Passed model=gpt-5. pre-call-checks=False, cooldown_list=[('0123456789abcdef0123', {})]",
      'rate_limit_error',
    ),
    'rate-limited',
    /All deployments of gpt-5 behind the LiteLLM proxy.*cooling down.*try again in 13 s/,
  ],
  [
    'no deployment, none cooling',
    429,
    proxy(
      429,
      'No deployments available for selected model, Try again in 5 seconds. Passed model=gpt-5. cooldown_list=[]',
    ),
    'rate-limited',
    /name may be one it does not know/,
  ],
  [
    'upstream rate limit',
    429,
    proxy(
      429,
      `litellm.RateLimitError: AzureException RateLimitError - Requests have exceeded token rate limit. Please retry after 26 seconds.${tail}`,
    ),
    'rate-limited',
    /service behind the LiteLLM proxy is over its rate limit.*in 26 s/,
  ],
  [
    'crossed limits of the key',
    429,
    proxy(429, 'Crossed TPM / RPM / Max Parallel Request Limit. Hit RPM Limit', 'None'),
    'rate-limited',
    /limit the LiteLLM proxy/,
  ],
  [
    'budget',
    400,
    proxy(400, 'Budget has been exceeded! Current cost: 1.2, Max budget: 1.0', 'budget_exceeded'),
    'quota-exhausted',
    /budget.*raise it there/i,
  ],
  [
    'model not allowed for the key',
    401,
    proxy(401, 'key not allowed to access model. This key can only access models=[]', 'key_model_access_denied'),
    'model-refused',
    /may not use gpt-5/,
  ],
  [
    'unknown model',
    400,
    proxy(
      400,
      "{'error': '/chat/completions: Invalid model name passed in model=gpt-5. Call `/v1/models` to view available models for your key.'}",
    ),
    'model-not-found',
    /has no model named gpt-5/,
  ],
  [
    'unsupported parameter',
    400,
    proxy(400, "litellm.UnsupportedParamsError: azure does not support parameters: ['temperature'], for model=gpt-5."),
    'provider-bad-request',
    /drop_params/,
  ],
  [
    'cannot reach what is behind',
    500,
    proxy(500, `litellm.APIError: AzureException APIError - Connection error.${tail}`),
    'provider-error',
    /could not reach the service behind gpt-5/,
  ],
  [
    'timeout behind',
    408,
    proxy(408, `litellm.Timeout: AzureException Timeout - Request timed out.${tail}`),
    'timeout',
    /did not answer for gpt-5 in time/,
  ],
  [
    'internal',
    500,
    proxy(500, `litellm.InternalServerError: AzureException InternalServerError - The server had an error.${tail}`),
    'provider-error',
    /fault is on its side.*The server had an error/,
  ],
  ['no proxy at all', 404, { detail: 'Not Found' }, 'model-not-found', /is it a LiteLLM proxy/],
])

/** As the proxy of late 2026 words it: another tail, and the upstream's type in the envelope. */
const after = "\n\nLiteLLM: model group 'gpt-5' failed with the error above. No fallback was attempted."
const windows =
  "\nmodel=gpt-5. context_window_fallbacks=None. fallbacks=None.\n\nSet 'context_window_fallback' - https://docs.litellm.ai/docs/routing#fallbacks"

table('litellm', [
  [
    'newer: Azure key wrong',
    401,
    proxy(
      401,
      `litellm.AuthenticationError: AzureException AuthenticationError - Access denied due to invalid subscription key.${after}`,
      'authentication_error',
    ),
    'model-refused',
    /key to the proxy itself is right\. \(It said: “Access denied due to invalid subscription key\.”\)$/,
  ],
  [
    'newer: deployment missing',
    404,
    proxy(
      404,
      `litellm.NotFoundError: AzureException NotFoundError - The API deployment for this resource does not exist.${after}`,
      'invalid_request_error',
    ),
    'model-not-found',
    /Azure deployment behind gpt-5/,
  ],
  [
    'newer: api-version wrong',
    404,
    proxy(
      404,
      `litellm.NotFoundError: AzureException NotFoundError - Resource not found${after}`,
      'invalid_request_error',
    ),
    'model-not-found',
    /api_version or api_base.*“Resource not found”/,
  ],
  [
    'newer: filter',
    400,
    proxy(
      400,
      `litellm.BadRequestError: litellm.ContentPolicyViolationError: The response was filtered due to the prompt triggering Azure OpenAI's content management policy.\nmodel=gpt-5. content_policy_fallback=None. fallbacks=None.${after}`,
      'invalid_request_error',
    ),
    'content-filtered',
    /content management policy\.”\)$/,
  ],
  [
    'newer: overflow',
    400,
    proxy(
      400,
      `litellm.ContextWindowExceededError: litellm.BadRequestError: AzureException ContextWindowExceededError - This model's maximum context length is 128000 tokens.${windows}${after}`,
      'invalid_request_error',
    ),
    'context-overflow',
    /128000 tokens\.”\)$/,
  ],
  [
    'newer: rate limit that names its API version',
    429,
    proxy(
      429,
      `litellm.RateLimitError: AzureException RateLimitError - Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded token rate limit. Please retry after 26 seconds.${after}`,
      'throttling_error',
    ),
    'rate-limited',
    /over its rate limit for gpt-5 \(litellm\): try again in 26 s/,
  ],
  [
    'newer: network rules behind',
    403,
    proxy(
      403,
      `litellm.APIError: AzureException APIError - Access denied due to Virtual Network/Firewall rules.${after}`,
      'permission_error',
    ),
    'model-refused',
    /behind the LiteLLM proxy does not let the proxy use gpt-5/,
  ],
  [
    'newer: nothing behind',
    500,
    proxy(
      500,
      `litellm.APIConnectionError: AzureException APIConnectionError - Connection error.${after}`,
      'internal_server_error',
    ),
    'provider-error',
    /could not reach the service behind gpt-5/,
  ],
  [
    'newer: parameter refused',
    400,
    proxy(
      400,
      `litellm.BadRequestError: AzureException BadRequestError - Unsupported parameter: 'max_tokens' is not supported with this model.${after}`,
      'invalid_request_error',
    ),
    'provider-bad-request',
    /refuses a parameter: Unsupported parameter: 'max_tokens'/,
  ],
])

table('azure-openai', [
  [
    'key wrong',
    401,
    {
      error: {
        code: '401',
        message:
          'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
      },
    },
    'bad-credentials',
    /Azure refused the key of credential “default”.*another resource than res\.openai\.azure\.com/,
  ],
  [
    'key wrong, gateway’s shape',
    401,
    {
      statusCode: 401,
      message: 'Unauthorized. Access token is missing, invalid, audience is incorrect, or have expired.',
    },
    'bad-credentials',
    /Azure refused the key/,
  ],
  [
    'role missing',
    403,
    { error: { code: 'PermissionDenied', message: 'The principal lacks the required data action' } },
    'permission',
    /lacks the role Cognitive Services OpenAI User/,
  ],
  [
    'network rules',
    403,
    { error: { code: 'AccessDenied', message: 'Access denied due to Virtual Network/Firewall rules.' } },
    'permission',
    /network rules/,
  ],
  [
    'deployment missing',
    404,
    { error: { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' } },
    'model-not-found',
    /no deployment named gpt-5/,
  ],
  [
    'api-version wrong',
    404,
    { error: { code: '404', message: 'Resource not found' } },
    'model-not-found',
    /baseUrl or apiVersion is wrong/,
  ],
  [
    'api-version unknown',
    400,
    { error: { code: 'BadRequest', message: 'API version not supported' } },
    'model-not-found',
    /does not know this api-version/,
  ],
  [
    'prompt filtered',
    400,
    {
      error: {
        message: 'The response was filtered',
        type: null,
        param: 'prompt',
        code: 'content_filter',
        status: 400,
        innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: {} },
      },
    },
    'content-filtered',
    /Azure's content filter/,
  ],
  [
    'overflow',
    400,
    { error: { code: 'context_length_exceeded', message: "This model's maximum context length is 128000 tokens." } },
    'context-overflow',
    /maximum context length is 128000/,
  ],
  [
    'overflow, gpt-5 text',
    400,
    {
      error: {
        message: 'Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000 tokens.',
      },
    },
    'context-overflow',
    /272000/,
  ],
  [
    'rate limit',
    429,
    {
      error: {
        code: '429',
        message:
          'Requests to the ChatCompletions_Create Operation have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 26 seconds.',
      },
    },
    'rate-limited',
    /over its rate limit: try again in 26 s/,
  ],
  [
    'parameter refused',
    400,
    {
      error: {
        code: 'unsupported_parameter',
        param: 'max_tokens',
        message: "Unsupported parameter: 'max_tokens' is not supported with this model.",
      },
    },
    'provider-bad-request',
    /refuses a parameter.*max_tokens/,
  ],
])

const google = (code: number, status: string, message: string, details: unknown[] = []) => ({
  error: { code, message, status, details },
})
const info = (reason: string, metadata = {}) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: 'googleapis.com',
  metadata,
})
const quota = (quotaId: string) => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaMetric: 'm', quotaId }],
})

table('gemini', [
  [
    'key wrong is a 400',
    400,
    google(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [info('API_KEY_INVALID')]),
    'bad-credentials',
    /Google refused the API key/,
  ],
  [
    'key expired',
    400,
    google(400, 'INVALID_ARGUMENT', 'API key expired. Please renew the API key.'),
    'bad-credentials',
    /Google refused the API key/,
  ],
  [
    'array-wrapped',
    400,
    [google(400, 'INVALID_ARGUMENT', 'API key not valid.', [info('API_KEY_INVALID')])],
    'bad-credentials',
    /Google refused/,
  ],
  ['key leaked', 403, google(403, 'PERMISSION_DENIED', 'Your API key was reported as leaked.'), 'permission', /leaked/],
  [
    'prepaid credit gone',
    402,
    google(402, 'RESOURCE_EXHAUSTED', 'Prepaid credit exhausted.'),
    'quota-exhausted',
    /prepaid credit/,
  ],
  [
    'region',
    400,
    google(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'),
    'needs-user-action',
    /does not serve.*location/,
  ],
  [
    'per minute',
    429,
    google(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.', [
      quota('GenerateRequestsPerMinutePerProjectPerModel'),
      { '@type': 'x/google.rpc.RetryInfo', retryDelay: '17s' },
    ]),
    'rate-limited',
    /try again in 17 s/,
  ],
  [
    'per day',
    429,
    google(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.', [quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier')]),
    'model-quota',
    /Today's quota/,
  ],
  [
    'no quota at all',
    429,
    google(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded for metric: x, limit: 0, model: gpt-5'),
    'model-quota',
    /does not include gpt-5/,
  ],
  [
    'overflow',
    400,
    google(
      400,
      'INVALID_ARGUMENT',
      'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    ),
    'context-overflow',
    /maximum number of tokens/,
  ],
  [
    'overloaded',
    503,
    google(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
    'provider-error',
    /overloaded/,
  ],
  [
    'no such model',
    404,
    google(404, 'NOT_FOUND', 'models/gpt-5 is not found for API version v1beta'),
    'model-not-found',
    /has no model gpt-5/,
  ],
  [
    'bad argument',
    400,
    google(400, 'INVALID_ARGUMENT', 'Invalid value at contents'),
    'provider-bad-request',
    /did not accept.*Invalid value/,
  ],
])

table('gemini-cli', [
  [
    'individuals',
    403,
    google(403, 'PERMISSION_DENIED', 'no', [info('UNSUPPORTED_CLIENT')]),
    'retired-service',
    /no longer serves/,
  ],
  [
    'validation',
    403,
    google(403, 'PERMISSION_DENIED', 'Verify your account', [info('VALIDATION_REQUIRED')]),
    'needs-user-action',
    /verify the account/,
  ],
  [
    'terms',
    403,
    google(
      403,
      'PERMISSION_DENIED',
      'This service has been disabled in this account for violation of Terms of Service.',
    ),
    'needs-user-action',
    /disabled the account/,
  ],
  [
    'capacity',
    429,
    google(429, 'RESOURCE_EXHAUSTED', 'No capacity', [info('MODEL_CAPACITY_EXHAUSTED')]),
    'capacity',
    /no capacity/,
  ],
  [
    'bare 429',
    429,
    google(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).'),
    'capacity',
    /short of capacity/,
  ],
  [
    'quota',
    429,
    google(429, 'RESOURCE_EXHAUSTED', 'used up', [info('QUOTA_EXHAUSTED', { quotaResetDelay: '4h28m20s' })]),
    'quota-exhausted',
    /try again after 2026-11-21 10:28 UTC/,
  ],
  [
    'a minute’s limit',
    429,
    google(429, 'RESOURCE_EXHAUSTED', 'slow', [
      info('RATE_LIMIT_EXCEEDED'),
      { '@type': 'x/google.rpc.RetryInfo', retryDelay: '900ms' },
    ]),
    'rate-limited',
    /in 1 s/,
  ],
])

const glm = (code: string, message = 'x') => ({ error: { code, message } })
table('glm', [
  ['key bad', 401, glm('1002'), 'bad-credentials', /credential “default”/],
  ['account locked', 401, glm('1112'), 'needs-user-action', /locked/],
  ['no balance is a 429', 429, glm('1113', '余额不足'), 'quota-exhausted', /Coding Plan/],
  ['no such model', 400, glm('1211'), 'model-not-found', /gpt-5/],
  ['tool pairing', 400, glm('1214'), 'provider-bad-request', /tool calls/],
  ['their network', 500, glm('1234'), 'provider-error', /their|its side/],
  ['overflow', 400, glm('1261', 'Prompt too long'), 'context-overflow', /Prompt too long/],
  ['unsafe', 400, glm('1301'), 'content-filtered', /filter/],
  ['concurrency', 429, glm('1302'), 'rate-limited', /try again/],
  ['day’s calls', 429, glm('1304'), 'quota-exhausted', /tomorrow/],
  ['overloaded', 429, glm('1305'), 'capacity', /no capacity/],
  [
    'used up until',
    429,
    glm('1308', 'Usage limit reached for 5 hour. Your limit will reset at 2026-11-21 18:30:00'),
    'quota-exhausted',
    /after 2026-11-21 10:30 UTC/,
  ],
  ['plan expired', 429, glm('1309'), 'needs-user-action', /expired/],
  ['not in the plan', 429, glm('1311'), 'model-not-found', /does not include gpt-5/],
  ['fair use', 429, glm('1313'), 'needs-user-action', /fair-use/],
])

const openai = (code: string | null, message: string, type: string | null = 'invalid_request_error') => ({
  error: { message, type, param: null, code },
})
table('openai', [
  [
    'key wrong',
    401,
    openai(
      'invalid_api_key',
      'Incorrect API key provided: sk-proj-****abcd. You can find your API key at https://platform.openai.com.',
    ),
    'bad-credentials',
    /OpenAI refused the API key/,
  ],
  [
    'no such model',
    404,
    openai('model_not_found', 'The model `gpt-5` does not exist or you do not have access to it.'),
    'model-not-found',
    /has no model gpt-5/,
  ],
  [
    'overflow',
    400,
    openai('context_length_exceeded', "This model's maximum context length is 8192 tokens."),
    'context-overflow',
    /8192/,
  ],
  ['credit gone', 429, openai('credit_balance_exhausted', 'x', 'insufficient_quota'), 'quota-exhausted', /billing/],
  [
    'project’s limit',
    429,
    openai('project_spend_limit_exceeded', 'x', 'insufficient_quota'),
    'quota-exhausted',
    /spending limit/,
  ],
  [
    'the old words',
    429,
    openai('insufficient_quota', 'You exceeded your current quota', 'insufficient_quota'),
    'quota-exhausted',
    /used up/,
  ],
  ['a wait under the same type', 429, openai('slow_down', 'x', 'insufficient_quota'), 'rate-limited', /try again/],
  [
    'rate',
    429,
    openai('rate_limit_exceeded', 'Rate limit reached for gpt-5. Please try again in 1m2.5s.', 'tokens'),
    'rate-limited',
    /in 63 s/,
  ],
  [
    'larger than a minute',
    429,
    openai(
      'rate_limit_exceeded',
      'Request too large for gpt-5 on tokens per min (TPM): Limit 30000, Requested 50000.',
      'tokens',
    ),
    'context-overflow',
    /larger than the tokens per minute/,
  ],
  ['policy', 400, openai('content_policy_violation', 'Your request was rejected'), 'content-filtered', /filter/],
  ['server', 500, openai(null, 'The server had an error', 'server_error'), 'provider-error', /fault is on its side/],
  ['conflict', 409, openai(null, 'conflict', null), 'provider-error', /conflict/],
])

const claude = (type: string, message: string) => ({ type: 'error', error: { type, message }, request_id: 'req_1' })
table('anthropic', [
  ['key wrong', 401, claude('authentication_error', 'invalid x-api-key'), 'bad-credentials', /Anthropic refused/],
  [
    'overflow',
    400,
    claude('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
    'context-overflow',
    /prompt is too long/,
  ],
  ['bytes', 413, claude('request_too_large', 'Request exceeds the maximum size'), 'context-overflow', /too long/],
  ['billing', 402, claude('billing_error', 'x'), 'quota-exhausted', /balance/],
  [
    'credit',
    400,
    claude('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
    'quota-exhausted',
    /console/,
  ],
  ['rate', 429, claude('rate_limit_error', 'slow'), 'rate-limited', /try again/],
  ['overloaded', 529, claude('overloaded_error', 'Overloaded'), 'provider-error', /overloaded/],
  [
    'inside a 200',
    200,
    `data: ${JSON.stringify(claude('overloaded_error', 'Overloaded'))}\n\n`,
    'provider-error',
    /overloaded/,
  ],
  ['no such model', 404, claude('not_found_error', 'model: gpt-5'), 'model-not-found', /gpt-5/],
])

table('ollama', [
  [
    'not pulled',
    404,
    { error: { message: "model 'gpt-5' not found", type: 'api_error', param: null, code: null } },
    'model-not-found',
    /ollama pull gpt-5/,
  ],
  [
    'not pulled, native',
    404,
    { error: 'model "gpt-5" not found, try pulling it first' },
    'model-not-found',
    /ollama pull gpt-5/,
  ],
  [
    'no tools',
    400,
    { error: { message: 'registry.ollama.ai/library/gpt-5 does not support tools', type: 'api_error' } },
    'provider-bad-request',
    /cannot call tools/,
  ],
  [
    'busy',
    503,
    { error: 'server busy, please try again. maximum pending requests exceeded' },
    'provider-error',
    /busy/,
  ],
  ['memory', 500, { error: 'model requires more system memory (8.0 GiB) than is available' }, 'capacity', /memory/],
])

table('lmstudio', [
  [
    'overflow as a plain string',
    400,
    {
      error:
        'The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 5000 >= n_ctx: 4096).',
    },
    'context-overflow',
    /larger context length/,
  ],
  [
    'overflow in a 200',
    200,
    'event: error\ndata: {"error":{"message":"n_keep >= n_ctx"}}\n\n',
    'context-overflow',
    /larger context length/,
  ],
  [
    'not loaded',
    400,
    { error: { message: 'No models loaded. Please load a model in the developer page.', code: 'model_not_found' } },
    'model-not-found',
    /load it there/,
  ],
])

table('qwen', [
  [
    'free tier',
    429,
    openai('insufficient_quota', 'Free allocated quota exceeded.', 'insufficient_quota'),
    'quota-exhausted',
    /does not come back/,
  ],
  [
    'key of another plan',
    401,
    openai('invalid_api_key', 'Incorrect API key provided.'),
    'bad-credentials',
    /Coding Plan/,
  ],
  [
    'overflow',
    400,
    openai('invalid_parameter_error', 'Range of input length should be [1, 129024]'),
    'context-overflow',
    /129024/,
  ],
  [
    'inspection',
    400,
    openai('data_inspection_failed', 'Input data may contain inappropriate content.'),
    'content-filtered',
    /filter/,
  ],
])

table('openrouter', [
  ['credits', 402, { error: { code: 402, message: 'Insufficient credits' } }, 'quota-exhausted', /credits/],
  [
    'moderation',
    403,
    { error: { code: 403, message: 'Input was flagged', metadata: { reasons: ['x'] } } },
    'content-filtered',
    /filter/,
  ],
  [
    'nobody',
    404,
    { error: { code: 404, message: 'No endpoints found for gpt-5.' } },
    'model-not-found',
    /nobody who serves/,
  ],
])
table('iflow', [
  ['whatever it says', 400, { status: '439', msg: 'token expired' }, 'retired-service', /closed its service/],
])

table('openai-compatible', [
  [
    'an HTML page',
    502,
    '<html><head><title>502 Bad Gateway</title></head><body></body></html>',
    'provider-error',
    /502 Bad Gateway/,
  ],
  ['plain text', 500, 'upstream connect error', 'provider-error', /upstream connect error/],
  ['nothing', 500, '', 'provider-error', /\(500\)/],
  ['nothing, 401', 401, '', 'bad-credentials', /credential “default”/],
  [
    'validation',
    422,
    { detail: [{ loc: ['body', 'messages'], msg: 'field required', type: 'value_error' }] },
    'provider-bad-request',
    /field required/,
  ],
  [
    'llama.cpp overflow',
    400,
    {
      error: {
        code: 400,
        message: 'the request exceeds the available context size',
        type: 'exceed_context_size_error',
      },
    },
    'context-overflow',
    /too long/,
  ],
  [
    'vLLM overflow',
    400,
    {
      object: 'error',
      message: "This model's maximum context length is 4096 tokens.",
      type: 'BadRequestError',
      code: 400,
    },
    'context-overflow',
    /4096/,
  ],
  ['a teapot', 418, 'short and stout', 'provider-bad-request', /short and stout/],
  ['a network proxy', 407, '', 'provider-unreachable', /user name and password/],
])

test('a page where the user has to act is named', () => {
  const link = {
    '@type': 'x/google.rpc.Help',
    links: [{ description: 'Verify', url: 'https://accounts.example/verify?plt=1' }],
  }
  const body = google(403, 'PERMISSION_DENIED', 'Verify your account.', [info('VALIDATION_REQUIRED'), link])
  expect(judge('gemini-cli', 403, body).message).toMatch(
    /Verify your account\. Open https:\/\/accounts\.example\/verify\?plt=1$/,
  )
})

describe('what the sentence never holds', () => {
  test.each([
    'Incorrect API key provided: sk-proj-AbCdEf0123456789AbCdEf. Check it.',
    'Incorrect API key provided: sk-AbCd****6789. Check it.',
    'key AIzaSyA1234567890abcdefghijklmnopqrstuv is blocked',
    'Received API Key = hunter2secret99, Key Hash (Token) =0f9d8c7b6a5e4d3c2b1a0f9d8c7b6a5e4d3c2b1a',
    'Authorization: Bearer abcdef0123456789.xyz was refused',
    'token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln is bad',
    'the key 0f9d8c7b6a5e4d3c2b1a0f9d8c7b6a5e is wrong',
  ])('%s', (message) => {
    const said = judge('openai-compatible', 400, { error: { message } }).message
    expect(said).not.toMatch(/sk-[A-Za-z]|AIza|hunter2|0f9d8c|eyJ|abcdef0123/)
    expect(said).toContain('***')
  })

  test('ordinary words, model names and request ids stay', () => {
    const message =
      'The model gemini-3.1-pro-preview-customtools failed; request 3f2504e0-4f89-11d3-9a0c-0305e82c3301, max_completion_tokens: 128000'
    expect(judge('openai-compatible', 400, { error: { message } }).message).toContain(message)
  })

  test('more than 400 characters', () => {
    const said = judge('azure-openai', 500, { error: { message: 'word '.repeat(2000) } }).message
    expect(said.length).toBeLessThanOrEqual(400)
    expect(said).toMatch(/…”\)$/)
  })
})

describe('where a failure has no status', () => {
  const cause = new GatewayError(
    'provider-unreachable',
    '127.0.0.1:4000 refused the connection: nothing listens there. Is the server running?',
  )
  test.each([
    ['litellm', 'The LiteLLM proxy at 127.0.0.1:4000 (litellm) cannot be reached: '],
    ['openai', 'openai: '],
  ])('%s', (id, start) => {
    const { provider: where, target } = provider(id, 'gpt-5')
    const error = explainUnreachable(cause, where, target)
    expect(error).toMatchObject({ kind: 'provider-unreachable', target: `${id}.gpt-5`, message: start + cause.message })
  })
})

describe('a parameter to drop', () => {
  test.each([
    ['named', { error: { code: 'unsupported_parameter', param: 'max_tokens', message: 'x' } }, 'max_tokens'],
    ['a value', { error: { code: 'unsupported_value', param: 'temperature', message: 'x' } }, 'temperature'],
    [
      'behind a proxy',
      proxy(
        400,
        `litellm.BadRequestError: AzureException - ${JSON.stringify({ error: { code: 'unsupported_value', param: 'temperature', message: 'x' } })}`,
      ),
      'temperature',
    ],
    [
      'behind a proxy that keeps the words alone',
      proxy(
        400,
        `litellm.BadRequestError: AzureException BadRequestError - Unsupported value: 'temperature' does not support 0.2 with this model.`,
      ),
      'temperature',
    ],
    ['not named', { error: { code: 'unsupported_value', param: null, message: 'x' } }, undefined],
    ['another code', { error: { code: 'invalid_value', param: 'temperature', message: 'x' } }, undefined],
    ['no path', { error: { code: 'unsupported_value', param: '../x y', message: 'x' } }, undefined],
  ])('%s', (_what, body, expected) => {
    expect(parameterToDrop(JSON.stringify(body))).toBe(expected)
  })
})

test('a refused parameter keeps its code, whoever passes it on', () => {
  const body = proxy(
    400,
    `litellm.BadRequestError: AzureException BadRequestError - Unsupported parameter: 'top_p' is not supported.${after}`,
  )
  expect(judge('litellm', 400, body).providerCode).toBe('unsupported_parameter')
})

test('rules of the provider itself come before those of its profile', () => {
  const { provider: where, target } = provider('openai', 'gpt-5')
  const own = {
    ...where,
    failures: [{ status: 401, kind: 'capacity' as const, say: '{provider} sleeps' }, ...where.failures],
  }
  const error = judgeFailure({ status: 401, headers: {}, body: '', provider: own, target, now })
  expect(error).toMatchObject({ kind: 'capacity', message: 'openai sleeps' })
})
