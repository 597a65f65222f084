/** The text format of Prometheus, for the few kinds we have. */
export type Labels = Readonly<Record<string, string>>

/** One line of a metric; keep it where it is counted often. */
export interface Count {
  value: number
}

export interface Counter {
  series(labels: Labels): Count
  add(labels: Labels, by?: number): void
  print(): string
}

export interface Histogram {
  series(labels: Labels): { observe(value: number): void }
  print(): string
}

export function createCounter(name: string, help: string): Counter {
  const all = new Map<string, Count & { labels: Labels }>()
  const series = (labels: Labels): Count => {
    const key = keyOf(labels)
    const known = all.get(key) ?? { labels, value: 0 }
    all.set(key, known)
    return known
  }
  return {
    series,
    add(labels, by = 1) {
      series(labels).value += by
    },
    print: () =>
      head(name, help, 'counter') +
      [...all.values()]
        .filter(({ value }) => value > 0)
        .map(({ labels, value }) => `${name}${printLabels(labels)} ${value}\n`)
        .join(''),
  }
}

/** Seconds. A model's answer takes from milliseconds to many minutes. */
const bounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]

interface Series {
  labels: Labels
  counts: number[]
  sum: number
  count: number
}

export function createHistogram(name: string, help: string): Histogram {
  const all = new Map<string, Series>()
  return {
    series(labels) {
      const key = keyOf(labels)
      const series = all.get(key) ?? { labels, counts: bounds.map(() => 0), sum: 0, count: 0 }
      all.set(key, series)
      return {
        observe(value) {
          let bucket = 0
          while (bucket < bounds.length && value > bounds[bucket]!) bucket += 1
          if (bucket < bounds.length) series.counts[bucket] = series.counts[bucket]! + 1
          series.sum += value
          series.count += 1
        },
      }
    },
    print: () => head(name, help, 'histogram') + [...all.values()].map((series) => printSeries(name, series)).join(''),
  }
}

export function printGauge(name: string, help: string, value: number): string {
  return `${head(name, help, 'gauge')}${name} ${value}\n`
}

function printSeries(name: string, { labels, counts, sum, count }: Series): string {
  let below = 0
  const buckets = bounds.map((bound, index) => {
    below += counts[index]!
    return `${name}_bucket${printLabels({ ...labels, le: String(bound) })} ${below}\n`
  })
  const plain = printLabels(labels)
  return `${buckets.join('')}${name}_bucket${printLabels({ ...labels, le: '+Inf' })} ${count}\n${name}_sum${plain} ${sum}\n${name}_count${plain} ${count}\n`
}

function head(name: string, help: string, type: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

/** A metric has one set of label names, so the values tell its series apart; they are written out only when read. */
function keyOf(labels: Labels): string {
  let key = ''
  for (const name in labels) key += `${labels[name]}\n`
  return key
}

function printLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
}
