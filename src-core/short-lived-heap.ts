import v8 from 'node:v8'

/**
 * Told to V8 once a process: where objects of one place in the code live long, it would make all later ones of that
 * place old from birth. Here some live for 500 requests, in the ring of records, and their neighbours for one; an old
 * object keeps all it points to until a full collection, and so most of a request's (docs/decisions/0012).
 */
export function keepHeapShortLived(): void {
  v8.setFlagsFromString('--no-allocation-site-pretenuring')
}
