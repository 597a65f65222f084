import { Card } from '../../components/card.tsx'
import { ConfigNumber, ConfigSelect, ConfigSwitch } from '../../draft/config-fields.tsx'
import type { VirtualRouter } from '../../draft/config-value.ts'
import { useMessages } from '../../messages.ts'
import styles from './search.module.css'

const place = ['virtualrouter', 'webSearch']

/** When models are given the tool, and how far a search may go. */
export function Policy({ webSearch }: { webSearch: VirtualRouter['webSearch'] }) {
  const { search: words } = useMessages()
  const policies = (['selective', 'always'] as const).map((value) => ({ value, label: words.injectPolicies[value] }))
  return (
    <Card title={words.policy}>
      <div className={styles.form}>
        <ConfigSelect
          path={[...place, 'injectPolicy']}
          label={words.injectPolicy}
          value={webSearch.injectPolicy}
          options={policies}
        />
        <ConfigSwitch
          path={[...place, 'replaceClientTool']}
          label={words.replaceClientTool}
          hint={words.replaceClientToolHint}
          value={webSearch.replaceClientTool}
        />
        {(['maxSearches', 'deadlineMs'] as const).map((name) => (
          <ConfigNumber
            key={name}
            path={[...place, name]}
            label={words[name]}
            hint={words[`${name}Hint`]}
            value={webSearch[name]}
          />
        ))}
      </div>
    </Card>
  )
}
