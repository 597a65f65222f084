import './styles/base.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { openAppClient } from './app-client.ts'
import { ClientContext } from './client-context.ts'
import { keepTheme } from './preferences.ts'
import { Shell } from './shell.tsx'
import { connectStore } from './store.ts'

const client = openAppClient()
keepTheme(document.documentElement)
connectStore(client)

createRoot(document.getElementById('window')!).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <ClientContext value={client}>
        <Shell />
      </ClientContext>
    </CSPProvider>
  </StrictMode>,
)
