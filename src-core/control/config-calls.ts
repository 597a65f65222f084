import { type Document, isMap } from 'yaml'
import { type Change, ChangeError, changeDocument } from '../config/change-document.ts'
import { printDocument } from '../config/print-document.ts'
import { ConfigError } from '../config/problem.ts'
import { readDocument } from '../config/read-document.ts'
import type { ConfigStore } from '../config/store.ts'
import { activeGroup, routingGroups } from '../config/views.ts'
import { withoutSecrets } from '../config/without-secrets.ts'
import type { Handlers } from './contract.ts'
import { badInput, ControlError } from './control-error.ts'

type ConfigCalls = Pick<
  Handlers,
  | 'getConfig'
  | 'validateConfig'
  | 'draftConfig'
  | 'saveConfig'
  | 'exportConfig'
  | 'listConfigVersions'
  | 'getConfigVersion'
  | 'setActiveGroup'
  | 'setProviderEnabled'
>

export interface ConfigParts {
  store: ConfigStore
  /** Whatever looks like a secret, and what is one. */
  redact(text: string): string
}

/** Reading and changing the config file. A switch changes one key of it and leaves the user's comments alone. */
export function configCalls({ store, redact }: ConfigParts): ConfigCalls {
  return {
    getConfig() {
      const { text, config, revision, path, source, problems } = store.current()
      return { text, value: config, revision, path, source, problems }
    },

    validateConfig: ({ text }) => ({ problems: store.validate(text) }),

    draftConfig({ text, changes }) {
      const read = readDocument(text)
      if ('problems' in read) return { text, problems: read.problems }
      if (changes.length > 0) change(read.document, changes)
      const changed = changes.length > 0 ? printDocument(read.document, text) : text
      try {
        return { text: changed, problems: [], value: store.read(changed) }
      } catch (thrown) {
        if (!(thrown instanceof ConfigError)) throw thrown
        return { text: changed, problems: [...thrown.problems] }
      }
    },

    exportConfig() {
      const exported = exportOf(store.current().text, redact)
      if (exported) return exported
      throw new ControlError('refused', 'The config file is not valid YAML as it is: mend it first.')
    },

    listConfigVersions: async () => ({ versions: await store.versions() }),

    async getConfigVersion({ id }) {
      const text = await store.version(id)
      if (text === undefined) throw new ControlError('missing', `There is no version ${id} of the config.`)
      return { id, text }
    },

    async saveConfig(change) {
      const { revision } = await store.save(change)
      return { revision }
    },

    async setActiveGroup({ group }) {
      const { config, revision } = store.current()
      const groups = routingGroups(config).map(({ id }) => id)
      if (!groups.includes(group)) {
        throw badInput('group', `There is no routing group ${group}; there are: ${groups.join(', ')}.`)
      }
      if (activeGroup(config).id === group) return { activeGroup: group, revision }
      const saved = await store.edit((document) => document.setIn(['virtualrouter', 'activeGroup'], group))
      return { activeGroup: activeGroup(saved.config).id, revision: saved.revision }
    },

    async setProviderEnabled({ provider, enabled }) {
      const { config, revision } = store.current()
      const known = config.virtualrouter.providers
      if (!Object.hasOwn(known, provider)) {
        throw badInput('provider', `There is no provider ${provider} in the config.`)
      }
      if (known[provider]!.enabled === enabled) return { provider, enabled, revision }
      let isReference = false
      const saved = await store.edit((document) => {
        const place = ['virtualrouter', 'providers', provider]
        isReference = !isMap(document.getIn(place))
        if (!isReference) document.setIn([...place, 'enabled'], enabled)
      })
      if (isReference) {
        const words = `Provider ${provider} is written as a reference to another one: switch it in the file.`
        throw new ControlError('refused', words, { path: 'provider' })
      }
      return { provider, enabled, revision: saved.revision }
    },
  }
}

/** undefined: not to be read, and so not to be cleaned. */
export function exportOf(text: string, redact: (text: string) => string): { text: string; hidden: number } | undefined {
  const read = readDocument(text)
  if ('problems' in read) return undefined
  const hidden = withoutSecrets(read.document, redact)
  return { text: read.document.toString({ lineWidth: 0 }), hidden }
}

function change(document: Document, changes: readonly Change[]): void {
  try {
    changeDocument(document, changes)
  } catch (thrown) {
    if (!(thrown instanceof ChangeError)) throw thrown
    throw new ControlError('refused', thrown.message, { path: thrown.path, cause: thrown })
  }
}
