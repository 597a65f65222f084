import { useState } from 'react'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { Card } from '../../components/card.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { ConfigNumber, ConfigSelect, ConfigSwitch } from '../../draft/config-fields.tsx'
import type { Config } from '../../draft/config-value.ts'
import { useDraftConfig } from '../../draft/use-edit.ts'
import { useShown } from '../../draft/use-shown.ts'
import { useMessages } from '../../messages.ts'
import { type Language, type Theme, usePreferences } from '../../preferences.ts'
import { useWindow } from '../../store.ts'
import { ClientKeys } from './client-keys.tsx'
import { ConfigFile } from './config-file.tsx'
import { Diagnostics } from './diagnostics.tsx'
import { NetworkForAWhile } from './network-for-a-while.tsx'
import styles from './settings.module.css'

/** Everything that is neither a provider nor a route. What is about this window counts at once, the rest is a draft. */
export default function Settings() {
  const { shell } = useMessages()
  const config = useDraftConfig()
  if (!config) return <p>{shell.loading}</p>
  return (
    <div className={styles.column}>
      <ThisWindow />
      <Gateway config={config} />
      <ClientKeys mode={config.gateway.clientAuth.mode} />
      <Logs config={config} />
      <ConfigFile />
      <Diagnostics />
    </div>
  )
}

const ownHosts = ['127.0.0.1', 'localhost', '::1']
const networkHost = '0.0.0.0'

function Gateway({ config }: { config: Config }) {
  const { settings: words } = useMessages()
  const { port, bodyLimitMb } = config.gateway
  const host = useShown(['gateway', 'host'], config.gateway.host)
  const isOwn = ownHosts.includes(host)
  const options = [
    { value: '127.0.0.1', label: words.reaches.own },
    { value: networkHost, label: words.reaches.network },
  ]
  if (!isOwn && host !== networkHost) options.push({ value: host, label: words.reaches.other(host) })
  return (
    <Card title={words.gateway}>
      <div className={styles.form}>
        <ConfigNumber path={['gateway', 'port']} label={words.port} hint={words.portHint} value={port} />
        <ConfigSelect
          path={['gateway', 'host']}
          label={words.reach}
          hint={words.nextStart}
          value={isOwn ? '127.0.0.1' : host}
          options={options}
        />
        {isOwn ? <NetworkForAWhile /> : <Notice kind="warning">{words.networkRisk}</Notice>}
        <ConfigNumber path={['gateway', 'bodyLimitMb']} label={words.bodyLimit} value={bodyLimitMb} />
      </div>
    </Card>
  )
}

function Logs({ config }: { config: Config }) {
  const { settings: words } = useMessages()
  const { days, maxMb } = config.logs
  return (
    <Card title={words.logs}>
      <div className={styles.form}>
        <ConfigNumber path={['logs', 'days']} label={words.days} hint={words.daysHint} value={days} />
        <ConfigNumber path={['logs', 'maxMb']} label={words.maxMb} value={maxMb} />
        <ConfigSwitch
          path={['gateway', 'recordBodies']}
          label={words.recordBodies}
          hint={words.recordBodiesHint}
          value={config.gateway.recordBodies}
        />
      </div>
    </Card>
  )
}

/** In the installed desktop app a switch, elsewhere a word on where it is. */
function Login() {
  const { settings: words } = useMessages()
  const client = useClient()
  const on = useWindow(({ state }) => state?.startsAtLogin)
  const [failure, setFailure] = useState<string>()
  if (on === undefined) {
    return (
      <div>
        <h3>{words.login}</h3>
        <p className={styles.soft}>{words.loginHint}</p>
      </div>
    )
  }
  const set = (wanted: boolean) =>
    client.call('setStartAtLogin', { on: wanted }).then(
      () => setFailure(undefined),
      (thrown: unknown) => {
        if (!(thrown instanceof CallError)) throw thrown
        setFailure(thrown.message)
      },
    )
  return (
    <Field label={words.login} hint={words.loginHidden} problem={failure}>
      {(control) => (
        <input {...control} type="checkbox" checked={on} onChange={({ target }) => void set(target.checked)} />
      )}
    </Field>
  )
}

function ThisWindow() {
  const { settings: words } = useMessages()
  const { theme, language, setTheme, setLanguage } = usePreferences()
  return (
    <Card title={words.window}>
      <div className={styles.form}>
        <Field label={words.theme}>
          {(control) => (
            <select {...control} value={theme} onChange={({ target }) => setTheme(target.value as Theme)}>
              {(['system', 'light', 'dark'] as const).map((each) => (
                <option key={each} value={each}>
                  {words.themes[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={words.language}>
          {(control) => (
            <select {...control} value={language} onChange={({ target }) => setLanguage(target.value as Language)}>
              {(['system', 'en', 'zh'] as const).map((each) => (
                <option key={each} value={each}>
                  {words.languages[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Login />
        <div>
          <h3>{words.firstRun}</h3>
          <p className={styles.soft}>{words.firstRunHint}</p>
          <a href="#/first-run">{words.openFirstRun}</a>
        </div>
      </div>
    </Card>
  )
}
