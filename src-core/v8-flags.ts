import v8 from 'node:v8'

/** What V8 is told of a process that runs a gateway. Node and Electron let flags be set while it runs. */

/**
 * Where objects of one place in the code live long, V8 would make all later ones of that place old from birth. Here
 * some live for 500 requests, in the ring of records, and their neighbours for one; an old object keeps all it points
 * to until a full collection, and so most of a request's (docs/decisions/0012). To be told first of all.
 */
export function keepHeapShortLived(): void {
  set(['--no-allocation-site-pretenuring'])
}

/**
 * V8 counts calls before it optimizes a function: 400 for the first compiler, 3000 for the best one. Most of a
 * gateway's functions are called once a request, so a person who works all day would never have them optimized
 * (docs/decisions/0014). The way of a request leads through many small ones, so more of them may become one piece. To be
 * told once everything is up: what only a start calls is not worth a compiler.
 */
export function optimizeEarly(): void {
  set(earlyFlags)
}

export const earlyFlags = [
  '--invocation-count-for-feedback-allocation=1',
  '--invocation-count-for-maglev=10',
  '--minimum-invocations-after-ic-update=5',
  '--invocation-count-for-turbofan=150',
  '--max-inlined-bytecode-size-cumulative=3000',
]

function set(flags: readonly string[]): void {
  for (const flag of flags) v8.setFlagsFromString(flag)
}
