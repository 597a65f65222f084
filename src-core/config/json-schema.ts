import { z } from 'zod'
import { configSchema } from './schema.ts'

/** The config file's JSON Schema, for editors: what `docs/config.schema.json` holds. */
export function configJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-2020-12',
    unrepresentable: 'any',
  })
  return { $schema, title: 'Patchbay config', ...schema }
}
