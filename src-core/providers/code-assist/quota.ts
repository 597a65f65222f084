import { GatewayError } from '../../model/error.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { QuotaBucket } from '../../model/quota.ts'
import { objects, text } from './answer-fields.ts'

/** What Code Assist says of an account: `{ buckets: [{ modelId, tokenType, remainingAmount, remainingFraction, resetTime }] }`. */
export function readQuota({ buckets = [] }: JsonObject): QuotaBucket[] {
  if (!Array.isArray(buckets)) {
    throw new GatewayError('provider-error', 'Code Assist answered the question for the quota with something else.')
  }
  return objects(buckets).flatMap((bucket) => readBucket(bucket) ?? [])
}

/** undefined where it does not say what is left. */
function readBucket({ modelId, tokenType, ...bucket }: JsonObject): QuotaBucket | undefined {
  const left = amount(bucket.remainingAmount)
  const share = bucket.remainingFraction
  const leftShare = typeof share === 'number' && share >= 0 ? Math.min(1, share) : undefined
  if (left === undefined && leftShare === undefined) return undefined
  return { model: text(modelId), counts: text(tokenType), left, leftShare, resetsAt: time(bucket.resetTime) }
}

/** Google writes large whole numbers as text. */
function amount(value: Json | undefined): number | undefined {
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value)
  return typeof value === 'number' && value >= 0 ? value : undefined
}

function time(value: Json | undefined): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
