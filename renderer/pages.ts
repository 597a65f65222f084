import { type ComponentType, lazy } from 'react'
import type { Messages } from './locales/en.ts'

export type PageId = keyof Messages['pages']

/** One line for each page, in the order of the navigation. The id stands in the address: `#/activity`. */
export const pages: { id: PageId; Page: ComponentType }[] = [
  { id: 'overview', Page: lazy(() => import('./pages/overview/overview.tsx')) },
  { id: 'providers', Page: lazy(() => import('./pages/providers/providers.tsx')) },
  { id: 'routing', Page: lazy(() => import('./pages/routing/routing.tsx')) },
  { id: 'activity', Page: lazy(() => import('./pages/activity/activity.tsx')) },
  { id: 'health', Page: lazy(() => import('./pages/health/health.tsx')) },
]
