import { Tabs } from '../../components/tabs.tsx'
import type { Config, Provider } from '../../draft/config-value.ts'
import { useMessages } from '../../messages.ts'
import { AdvancedTab } from './advanced-tab.tsx'
import { ConnectionTab } from './connection-tab.tsx'
import { CredentialsTab } from './credentials-tab.tsx'
import { ModelsTab } from './models-tab.tsx'

export interface EditorProps {
  id: string
  provider: Provider
  config: Config
}

/** Everything about one provider. Each edit goes to the draft. */
export function ProviderEditor(editor: EditorProps) {
  const { tabs: words } = useMessages().providers
  return (
    <Tabs
      label={editor.id}
      tabs={[
        { id: 'connection', title: words.connection, body: <ConnectionTab {...editor} /> },
        { id: 'credentials', title: words.credentials, body: <CredentialsTab {...editor} /> },
        { id: 'models', title: words.models, body: <ModelsTab {...editor} /> },
        { id: 'advanced', title: words.advanced, body: <AdvancedTab {...editor} /> },
      ]}
    />
  )
}
