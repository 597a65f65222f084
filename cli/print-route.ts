import type { Explanation } from '../src-core/index.ts'

/** An explanation for people. */
export function printRoute({ route, because, estimate, order, skipped }: Explanation): string {
  const { system, tools, history, media, output } = estimate.parts
  const widest = Math.max(0, ...[...order, ...skipped].map(({ target }) => target.length))
  const lines = [
    `Route ${route}: ${because.join('; ')}.`,
    `About ${count(estimate.tokens)} input tokens: system ${count(system)}, tools ${count(tools)}, history ${count(history)}, media ${count(media)}${output > 0 ? `; up to ${count(output)} of output are wished for` : ''}.`,
    '',
    order.length === 0 ? 'No target can take it.' : 'Tried in this order:',
    ...order.map(
      (one, index) =>
        `  ${index + 1}. ${one.target.padEnd(widest)}  ${windowWords(one)}${one.route === route ? '' : `, from route ${one.route}`}`,
    ),
    ...(skipped.length === 0 ? [] : ['', 'Skipped:']),
    ...skipped.map(({ target, because: why }) => `  ${target.padEnd(widest)}  ${why}`),
  ]
  return `${lines.join('\n')}\n`
}

function windowWords({ verdict, ratio, limit, limitFrom }: Explanation['order'][number]): string {
  if (ratio === undefined) return `${verdict} (the window is not known)`
  const percent = ratio * 100
  const share = percent < 1 ? 'under 1' : percent.toFixed(0)
  return `${verdict}: ${share} % of ${count(limit)} tokens (limit: ${limitFrom})`
}

const count = (number: number): string => Math.round(number).toLocaleString('en-US')
