import { type ComponentType, lazy } from 'react'
import type { Messages } from './locales/en.ts'

export type PageId = keyof Messages['pages']

/** One line for each page, in the order of the navigation; one that stands apart is not in it. The id stands in the address: `#/activity`. */
export const pages: { id: PageId; Page: ComponentType; apart?: true }[] = [
  { id: 'overview', Page: lazy(() => import('./pages/overview/overview.tsx')) },
  { id: 'providers', Page: lazy(() => import('./pages/providers/providers.tsx')) },
  { id: 'routing', Page: lazy(() => import('./pages/routing/routing.tsx')) },
  { id: 'activity', Page: lazy(() => import('./pages/activity/activity.tsx')) },
  { id: 'health', Page: lazy(() => import('./pages/health/health.tsx')) },
  { id: 'usage', Page: lazy(() => import('./pages/usage/usage.tsx')) },
  { id: 'search', Page: lazy(() => import('./pages/search/search.tsx')) },
  { id: 'accounts', Page: lazy(() => import('./pages/accounts/accounts.tsx')) },
  { id: 'settings', Page: lazy(() => import('./pages/settings/settings.tsx')) },
  // reached from Settings and at a first start
  { id: 'first-run', Page: lazy(() => import('./pages/first-run/first-run.tsx')), apart: true },
]
