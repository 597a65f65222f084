import type { FailureRule } from '../config/service-profile-schema.ts'

/** What a failure's words and codes mean at any service, after the provider's own rules. The status decides last. */
export const genericFailures: readonly FailureRule[] = [
  {
    code: '^context_length_exceeded$|^contextwindowexceedederror$|^exceed_context_size_error$',
    kind: 'context-overflow',
  },
  {
    message: [
      'maximum context length',
      'input tokens exceed',
      'exceeds? (?:the|this model.s) (?:model.s )?(?:maximum )?context (?:window|length|size|limit)',
      'exceed context limit',
      'exceeds the maximum number of tokens',
      'prompt is too long',
      'context size has been exceeded',
      'range of input length',
      'n_keep >= n_ctx',
      'greater than the context length',
      'larger than the (?:maximum )?context',
      'input (?:is|was) too long',
      'request too large for .*tokens per min',
    ].join('|'),
    status: [200, 400, 404, 413, 422, 429, 500],
    kind: 'context-overflow',
  },
  {
    code: '^content_filter$|^content_policy_violation$|^responsibleaipolicyviolation$|^contentpolicyviolationerror$|^content_filter_policy$|^data_inspection_failed$|^datainspectionfailed$',
    kind: 'content-filtered',
  },
  { message: 'content_filter_policy|triggering .* content management policy', kind: 'content-filtered' },
  {
    code: '^credit_balance_exhausted$|^(?:organization|project)_(?:spend|usage)_limit_exceeded$|^billing_error$|^billing_hard_limit_reached$|^budget_exceeded$',
    kind: 'quota-exhausted',
  },
  { code: '^rate_limit_exceeded$|^slow_down$', kind: 'rate-limited' },
  { code: '^insufficient_quota$', kind: 'quota-exhausted' },
  { status: 402, kind: 'quota-exhausted' },
  {
    code: '^invalid_api_key$|^authentication_error$|^unauthenticated$|^api_key_invalid$|^invalid_authentication$|^authenticationerror$',
    status: [200, 400, 401, 403],
    kind: 'bad-credentials',
  },
  { code: '^model_not_found$|^modelnotfound$|^deploymentnotfound$', kind: 'model-not-found' },
  {
    message: 'model .*(?:does not exist|not found|is not available)|invalid model name',
    status: [400, 404],
    kind: 'model-not-found',
  },
  { code: '^overloaded_error$', kind: 'provider-error' },
  { status: 401, kind: 'bad-credentials' },
  { status: 403, kind: 'permission' },
  { status: [404, 410], kind: 'model-not-found' },
  {
    status: 407,
    kind: 'provider-unreachable',
    say: 'A network proxy on the way to {provider} asks for a user name and password (407).',
  },
  { status: [408, 504], kind: 'timeout' },
  { status: [409, 425, 499], kind: 'provider-error' },
  { status: 413, kind: 'context-overflow' },
  { status: 429, kind: 'rate-limited' },
]
