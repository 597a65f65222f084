import type { ExchangeView } from './exchange-view.ts'

/** Which exchanges are wanted; everything named must be true of them. */
export interface ExchangeFilter {
  /** Answered there, or tried there. */
  target?: string
  route?: string
  /** true: any failure; false: none; else the kind. */
  error?: boolean | string
  /** Somewhere in id, client key (its name), models, target, route or error, in any case. */
  text?: string
}

export function matches(view: ExchangeView, { target, route, error, text }: ExchangeFilter): boolean {
  if (target !== undefined && view.target !== target && !view.attempts.some((one) => one.target === target))
    return false
  if (route !== undefined && view.route !== route) return false
  if (typeof error === 'boolean' && (view.error !== undefined) !== error) return false
  if (typeof error === 'string' && view.error?.kind !== error) return false
  if (text === undefined) return true
  const { id, clientModel, model, error: failure } = view
  const words = [id, view.clientKey, clientModel, model, view.target, view.route, failure?.kind, failure?.message]
  return words.join('\n').toLowerCase().includes(text.toLowerCase())
}

/** Where a page begins: the last exchange of the page before it. Order: newest first, ids decide between equals. */
export interface Place {
  startedAt: number
  id: string
}

/** A place as one word, as `next` tells it. */
export const cursorPattern = /^\d{1,16}\.\w{1,40}$/

export function isBefore(one: Place, other: Place): boolean {
  return one.startedAt === other.startedAt ? one.id < other.id : one.startedAt < other.startedAt
}

export const newestFirst = (one: Place, other: Place): number => (isBefore(one, other) ? 1 : -1)
