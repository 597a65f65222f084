import type { Usage } from '../model/event.ts'
import type { Json } from '../model/json.ts'

/** What an engine brought, as it came off the wire: nothing in it is trusted yet. */
export interface Found {
  summary?: Json
  pages: FoundPage[]
  usage?: Usage
}

export interface FoundPage {
  title?: Json
  url?: Json
  snippet?: Json
  source?: Json
  date?: Json
}
