/**
 * The one dispatcher most requests need, imported on its own: undici's index also loads fetch, WebSocket, caches
 * and mocks, which costs three times the start-up time and 13 MiB. The version is pinned exactly.
 */
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici'
  export default Pool
}
