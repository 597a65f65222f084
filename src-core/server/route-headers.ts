import type { RouteNote } from '../model/event.ts'

/** What every routed answer says of its way. Names no account and no secret. */
export function routeHeaders({ route, target, attempts, context, ratio }: RouteNote): Record<string, string> {
  return {
    'x-patchbay-route': printable(route),
    'x-patchbay-target': printable(target),
    'x-patchbay-attempts': String(attempts),
    'x-patchbay-context': ratio === undefined ? context : `${context};ratio=${ratio.toFixed(2)}`,
  }
}

/** Names come from config and clients; a header takes only visible ASCII. */
function printable(text: string): string {
  return /^[\x21-\x7e]*$/.test(text) ? text : encodeURI(text)
}
