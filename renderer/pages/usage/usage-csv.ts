import type { UsageRow } from './usage-table.ts'

const columns = [
  'hour',
  'target',
  'route',
  'requests',
  'errors',
  'inputTokens',
  'cachedInputTokens',
  'outputTokens',
  'reasoningTokens',
] as const

/** For a spreadsheet: one line per target, route and hour. Names stay text, whatever they begin with. */
export function usageCsv(rows: readonly UsageRow[]): string {
  const spreads = ['firstContentP50Ms', 'firstContentP95Ms', 'durationP50Ms', 'durationP95Ms']
  const lines = rows.map((row) =>
    [
      ...columns.map((column) =>
        column === 'hour' && row.hour !== undefined ? new Date(row.hour).toISOString() : (row[column] ?? ''),
      ),
      row.firstContentMs?.p50 ?? '',
      row.firstContentMs?.p95 ?? '',
      row.durationMs?.p50 ?? '',
      row.durationMs?.p95 ?? '',
    ]
      .map(cell)
      .join(','),
  )
  return [[...columns, ...spreads].join(','), ...lines, ''].join('\r\n')
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  // a spreadsheet would take it for a formula
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
