/** What a diff compares, and what it may show: masked texts have the same lines, secrets hidden. */
export interface DiffSide {
  text: string
  masked: string
}

const context = 3

/** A unified diff. A file that is not there is an empty side named /dev/null. */
export function unifiedDiff(path: string, before: DiffSide | undefined, after: DiffSide | undefined): string {
  const steps = compare(lines(before), lines(after))
  if (steps.every((step) => step.mark === ' ')) return ''
  const head = `--- ${before ? path : '/dev/null'}\n+++ ${after ? path : '/dev/null'}\n`
  return head + hunks(steps).map(showHunk).join('')
}

interface Line {
  text: string
  shown: string
}

interface Step extends Line {
  mark: ' ' | '-' | '+'
  /** How many lines of each side stand before this one. */
  old: number
  fresh: number
}

function lines(side: DiffSide | undefined): Line[] {
  if (!side || side.text === '') return []
  const shown = split(side.masked)
  return split(side.text).map((text, index) => ({ text, shown: shown[index] ?? '<hidden>' }))
}

function split(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function compare(before: Line[], after: Line[]): Step[] {
  let head = 0
  while (head < before.length && head < after.length && before[head]!.text === after[head]!.text) head++
  let tail = 0
  while (
    tail < Math.min(before.length, after.length) - head &&
    before[before.length - 1 - tail]!.text === after[after.length - 1 - tail]!.text
  )
    tail++
  const marked = [
    ...before.slice(0, head).map((line) => ({ ...line, mark: ' ' as const })),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map((line) => ({ ...line, mark: ' ' as const })),
  ]
  let old = 0
  let fresh = 0
  return marked.map((line) => {
    const step: Step = { ...line, old, fresh }
    if (line.mark !== '+') old++
    if (line.mark !== '-') fresh++
    return step
  })
}

/** Longest common subsequence; what is left between head and tail is small. */
function middle(before: Line[], after: Line[]): (Line & { mark: Step['mark'] })[] {
  const width = after.length + 1
  const lengths = new Uint32Array((before.length + 1) * width)
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        before[i]!.text === after[j]!.text
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!)
    }
  }
  const result: (Line & { mark: Step['mark'] })[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i]!.text === after[j]!.text) {
      result.push({ ...before[i++]!, mark: ' ' })
      j++
    } else if (
      i < before.length &&
      (j === after.length || lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)
    ) {
      result.push({ ...before[i++]!, mark: '-' })
    } else {
      result.push({ ...after[j++]!, mark: '+' })
    }
  }
  return result
}

function hunks(steps: Step[]): Step[][] {
  const found: Step[][] = []
  let last = -1
  steps.forEach((step, index) => {
    if (step.mark === ' ') return
    const start = Math.max(index - context, 0)
    const end = Math.min(index + context + 1, steps.length)
    if (found.length > 0 && start <= last) found.at(-1)!.push(...steps.slice(last, end))
    else found.push(steps.slice(start, end))
    last = end
  })
  return found
}

function showHunk(steps: Step[]): string {
  const old = steps.filter((step) => step.mark !== '+').length
  const fresh = steps.filter((step) => step.mark !== '-').length
  const range = (start: number, count: number) => `${count === 0 ? start : start + 1}${count === 1 ? '' : `,${count}`}`
  const head = `@@ -${range(steps[0]!.old, old)} +${range(steps[0]!.fresh, fresh)} @@\n`
  return head + steps.map(showStep).join('')
}

function showStep(step: Step): string {
  const ending = step.text.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'
  return `${step.mark}${step.shown.replace(/\r?\n$/, '\n').replace('\uFEFF', '')}${ending}`
}
