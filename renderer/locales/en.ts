import { firstRun } from './en/first-run.ts'
import { providers } from './en/providers.ts'
import { routing } from './en/routing.ts'
import { settings } from './en/settings.ts'
import { usage } from './en/usage.ts'

/**
 * Every sentence of the window, by page. A sentence with figures in it is a function of them: another language puts
 * them elsewhere, so no text is built from pieces.
 */
export const en = {
  pages: {
    overview: 'Overview',
    providers: 'Providers',
    routing: 'Routing',
    activity: 'Activity',
    health: 'Health',
    usage: 'Usage',
    search: 'Search',
    accounts: 'Accounts',
    settings: 'Settings',
    'first-run': 'First steps',
  },
  shell: {
    navigation: 'Pages',
    skip: 'Skip to the page',
    status: 'Gateway',
    backend: 'Backend',
    copyAddress: 'Copy address',
    copied: 'Copied',
    open: (count: number) => `${count} open`,
    today: (count: string) => `${count} today`,
    connecting: 'Connecting to Patchbay…',
    offline: 'Patchbay does not answer. This window comes back by itself when it runs again; what you see may be old.',
    noToken:
      'This window may not steer Patchbay: its token is missing or from an earlier start. Open the address Patchbay shows when it starts.',
    configProblems: (count: number) =>
      count === 1 ? 'The config file has a problem.' : `The config file has ${count} problems.`,
    configProblemsHint: 'The last good config stays in force until they are mended.',
    troubled: (count: number) => (count === 1 ? '1 in trouble' : `${count} in trouble`),
    loading: 'Loading…',
    pageFailed: 'This page could not be shown.',
    reload: 'Reload the window',
    close: 'Close',
    switchFailed: (message: string) => `The backend was not switched. ${message}`,
    version: (version: string) => `Version ${version}`,
  },
  draft: {
    title: 'Draft',
    changes: (count: number) => (count === 1 ? '1 change, not applied yet' : `${count} changes, not applied yet`),
    apply: 'Apply',
    undo: 'Undo',
    discard: 'Discard all',
    showDiff: 'Show what changes',
    hideDiff: 'Hide what changes',
    diff: 'What changes in the config file',
    checking: 'Checking…',
    problem: (path: string, message: string) => `${path}: ${message}`,
    conflict:
      'The config file changed meanwhile. Your changes now stand on the new text: look at them and apply again.',
    applied: 'Applied: in force for the next request.',
    undoApplied: 'Undo',
    keep: 'Keep',
  },
  states: {
    healthy: 'healthy',
    cooling: 'cooling',
    tripped: 'tripped',
    off: 'off',
    unknown: 'unknown',
  },
  overview: {
    patchbay: 'Patchbay',
    clients: 'Clients',
    routes: 'Routes',
    targets: 'Targets',
    protocols: {
      'gemini-chat': 'Gemini clients',
      'openai-chat': 'OpenAI clients',
      'openai-responses': 'Responses clients',
      'anthropic-messages': 'Anthropic clients',
    },
    panelHint:
      'A thick cable carried much in the last five minutes; a bright one carries a request now. Click a route, or drag its hole, to plug it elsewhere.',
    drag: 'Drag to another target',
    inHand: (route: string) => `Choose the target that ${route} asks first. Escape lets go.`,
    patched: (route: string, target: string) => `${route} asks ${target} first`,
    clientIdle: (clients: string) => `${clients} sent nothing in the last five minutes.`,
    clientBusy: (clients: string, count: number) =>
      `${clients} sent ${count === 1 ? 'one request' : `${count} requests`} in the last five minutes.`,
    routeEmpty: (route: string) => `${route} has no target, so no request takes it.`,
    routeOne: (route: string, first: string, count: number, all: number) =>
      `${route} goes to ${first} and nowhere else. It took ${count} of ${all} requests in the last five minutes.`,
    routeMore: (route: string, first: string, second: string, count: number, all: number) =>
      `${route} asks ${first} first and then ${second}. It took ${count} of ${all} requests in the last five minutes.`,
    targetBusy: (target: string, state: string, count: number, full: string) =>
      `${target} is ${state}. It answered ${count === 1 ? 'one request' : `${count} requests`} in the last five minutes; the largest filled ${full} of its window.`,
    targetFirst: (target: string, state: string, routes: string) =>
      `${target} is ${state} and is asked first by ${routes}.`,
    targetSpare: (target: string, state: string) =>
      `${target} is ${state} and is asked when those before it cannot answer.`,
    targetFailing: (target: string, state: string, because: string) => `${target} is ${state}: ${because}`,
    backIn: (time: string) => `back in ${time}`,
    noRequestYet: 'no request yet',
    noRoutes: 'No cables yet',
    noRoutesHint: 'The config has no route. Add a backend under Providers, or a route to the config file.',
    tiles: 'The last five minutes',
    requestsPerMinute: 'Requests / min',
    firstTokenMiddle: 'First token p50',
    firstTokenSlow: 'First token p95',
    errors: 'Errors, 5 min',
    tokensIn: 'Tokens in',
    tokensOut: 'Tokens out',
    traffic: 'Traffic, 30 minutes',
    requests: 'requests per minute',
    firstToken: 'first token, middle',
    trafficWords: (count: number, minutes: number) =>
      count === 1 ? `One request in the last ${minutes} minutes.` : `${count} requests in the last ${minutes} minutes.`,
    connection: 'Connection',
    address: 'Address',
    key: 'Client key',
    keyHidden: 'hidden; copy it into your tool',
    noKey: 'none is asked for',
    copy: 'Copy',
    copied: 'Copied',
    copyKey: 'Copy client key',
    backend: 'Backend',
    connectGeminiCli: 'Connect Gemini CLI…',
    connectTitle: 'Connect the Gemini CLI',
    connectPreview: 'This is what would be written. A backup is kept, and only these lines are yours to undo.',
    alreadyConnected: 'The Gemini CLI is connected: its settings already say all of this.',
    connected: 'Written. Start gemini anywhere; its next request comes here.',
    disconnected: 'Undone. The settings are as they were before, your own changes kept.',
    diffOf: (file: string) => `What changes in ${file}`,
    write: 'Write settings',
    undoConnect: 'Undo the connection',
    nextSteps: 'What to do next',
    nothingToDo: 'Nothing. Every backend is ready and requests come in.',
    addBackend: 'Only the demo answers. Add a backend of your own: Azure, LiteLLM, Gemini, Ollama.',
    connectClient: 'Connect the Gemini CLI, so that its requests come here.',
    showDiff: 'Show diff',
    openHealth: 'Open Health',
    openProviders: 'Open Providers',
    found: 'Where this comes from',
    fromFile: (path: string) => `From the config file ${path}.`,
    foundOne: (provider: string, because: string) => `${provider}: ${because}`,
  },
  activity: {},
  health: {},
  providers,
  routing,
  usage,
  search: {},
  accounts: {},
  settings,
  firstRun,
}

/** The same keys and the same figures in every language. */
export type Messages = typeof en
