import { isMap } from 'yaml'
import type { ConfigStore } from '../config/store.ts'
import { activeGroup, routingGroups } from '../config/views.ts'
import type { Handlers } from './contract.ts'
import { badInput, ControlError } from './control-error.ts'

type ConfigCalls = Pick<
  Handlers,
  'getConfig' | 'validateConfig' | 'saveConfig' | 'setActiveGroup' | 'setProviderEnabled'
>

/** Reading and changing the config file. A switch changes one key of it and leaves the user's comments alone. */
export function configCalls(store: ConfigStore): ConfigCalls {
  return {
    getConfig() {
      const { text, config, revision, path, source, problems } = store.current()
      return { text, value: config, revision, path, source, problems }
    },

    validateConfig: ({ text }) => ({ problems: store.validate(text) }),

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
