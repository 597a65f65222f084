import { type ComponentType, lazy } from 'react'
import type { Messages } from './locales/en.ts'

export type PageId = keyof Messages['pages']

interface LazyPage {
  id: PageId
  apart?: true
  Page: ComponentType
  /** Loads it before it is wanted, so that it is there at once when it is. */
  preload(): Promise<void>
}

function page(id: PageId, load: () => Promise<{ default: ComponentType }>, more: { apart?: true } = {}): LazyPage {
  let wanted = false
  const made: LazyPage = {
    id,
    ...more,
    Page: lazy(() => {
      wanted = true
      return load()
    }),
    async preload() {
      if (wanted) return
      const { default: Page } = await load()
      // one that is shown meanwhile stays what it is: another component would begin anew
      if (!wanted) made.Page = Page
    },
  }
  return made
}

/** One line for each page, in the order of the navigation; one that stands apart is not in it. The id stands in the address: `#/activity`. */
export const pages: LazyPage[] = [
  page('overview', () => import('./pages/overview/overview.tsx')),
  page('providers', () => import('./pages/providers/providers.tsx')),
  page('routing', () => import('./pages/routing/routing.tsx')),
  page('activity', () => import('./pages/activity/activity.tsx')),
  page('health', () => import('./pages/health/health.tsx')),
  page('usage', () => import('./pages/usage/usage.tsx')),
  page('search', () => import('./pages/search/search.tsx')),
  page('accounts', () => import('./pages/accounts/accounts.tsx')),
  page('settings', () => import('./pages/settings/settings.tsx')),
  // reached from Settings and at a first start
  page('first-run', () => import('./pages/first-run/first-run.tsx'), { apart: true }),
]
