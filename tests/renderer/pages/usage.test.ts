import { describe, expect, test } from 'vitest'
import { usageCsv } from '../../../renderer/pages/usage/usage-csv.ts'
import { byHour, byTarget, sum, type UsageRow } from '../../../renderer/pages/usage/usage-table.ts'

const hourMs = 3_600_000
const row = (part: Partial<UsageRow>): UsageRow => ({
  requests: 1,
  errors: 0,
  inputTokens: 10,
  cachedInputTokens: 0,
  outputTokens: 1,
  reasoningTokens: 0,
  ...part,
})

describe('hours', () => {
  test('are all there, those without requests too, and several rows of one are added up', () => {
    const rows = [
      row({ hour: hourMs, target: 'a' }),
      row({ hour: hourMs, target: 'b', errors: 1 }),
      row({ hour: 3 * hourMs }),
    ]
    const hours = byHour(rows, hourMs + 5, 4 * hourMs + 5)
    expect(hours.map(({ hour, requests, errors }) => [hour! / hourMs, requests, errors])).toEqual([
      [1, 2, 1],
      [2, 0, 0],
      [3, 1, 0],
      [4, 0, 0],
    ])
  })

  test('stand beside the target they belong to, most tokens first', () => {
    const totals = [row({ target: 'a', inputTokens: 5 }), row({ target: 'b', inputTokens: 50 })]
    const hours = [row({ target: 'a', hour: 0, inputTokens: 5 }), row({ target: 'b', hour: 0, inputTokens: 50 })]
    const found = byTarget(totals, hours, 0, 1)
    expect(found.map(({ total, hours: own }) => [total.target, own.map(({ inputTokens }) => inputTokens)])).toEqual([
      ['b', [50]],
      ['a', [5]],
    ])
    expect(sum(totals)).toMatchObject({ requests: 2, inputTokens: 55 })
  })
})

describe('CSV', () => {
  test('has one line for each row, with exact hours', () => {
    const csv = usageCsv([row({ hour: 0, target: 'a.m', route: 'default', durationMs: { p50: 5, p95: 9 } })])
    const [head, line, rest] = csv.split('\r\n')
    expect(head!.split(',')).toHaveLength(line!.split(',').length)
    expect(line).toBe('1970-01-01T00:00:00.000Z,a.m,default,1,0,10,0,1,0,,,5,9')
    expect(rest).toBe('')
  })

  test.each([
    ['a "quoted", name', '"a ""quoted"", name"'],
    ['=1+1', "'=1+1"],
    ['@x', "'@x"],
    ['two\nlines', '"two\nlines"'],
  ])('%j is text to a spreadsheet', (target, cell) => {
    expect(usageCsv([row({ target })])).toContain(`\r\n,${cell},`)
  })
})
