import { providers } from './en/providers.ts'
import { routing } from './en/routing.ts'

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
  overview: {},
  activity: {},
  health: {},
  providers,
  routing,
  usage: {},
  search: {},
  accounts: {},
  settings: {},
  firstRun: {},
}

/** The same keys and the same figures in every language. */
export type Messages = typeof en
