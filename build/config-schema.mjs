// Writes docs/config.schema.json from the config schema: `npm run schema`.
import fs from 'node:fs'
import { configJsonSchema } from '../src-core/config/json-schema.ts'

const file = new URL('../docs/config.schema.json', import.meta.url)
fs.writeFileSync(file, `${JSON.stringify(configJsonSchema(), null, 2)}\n`)
