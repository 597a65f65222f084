import type { ExchangeView } from '../../../src-core/observe/exchange-view.ts'

/** An ended exchange, as it is kept. */
export function view(id: string, startedAt: number, more: Partial<ExchangeView> = {}): ExchangeView {
  return {
    id,
    startedAt,
    state: 'ended',
    protocol: 'openai-chat',
    clientModel: 'gemini-3.5-flash',
    stream: true,
    requestBytes: 40,
    relayedBytes: 0,
    route: 'default',
    because: ['no other rule fired'],
    target: 'a.x',
    model: 'x',
    attempts: [{ target: 'a.x', attempt: 1, startedAt, outcome: 'ok', durationMs: 5 }],
    calls: 1,
    skipped: [],
    dropped: [],
    status: 200,
    durationMs: 5,
    ...more,
  }
}
