import { createContext, useContext } from 'react'
import type { AppClient } from './app-client.ts'

export const ClientContext = createContext<AppClient | undefined>(undefined)

export function useClient(): AppClient {
  const client = useContext(ClientContext)
  if (!client) throw new Error('There is no client above this component.')
  return client
}
