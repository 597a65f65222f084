import type { JsonObject } from '../../model/json.ts'
import type { Conversation, OutputFormat } from '../../model/request.ts'
import type { Dialect } from '../../model/target.ts'
import { closeSchema, isClosedSchema, isStrictSchema } from './strict-schema.ts'

export interface EncodedOutput {
  fields: JsonObject
  /** What the system prompt must say besides, where the service cannot be told otherwise. */
  instruction?: string
}

/** Structured output: a schema where the service knows schemas, else JSON mode and words. */
export function encodeOutput(conversation: Conversation, dialect: Dialect): EncodedOutput {
  const { output } = conversation
  if (!output) return { fields: {} }
  const schema = output.type === 'json-schema' ? withoutDraft(output.schema) : undefined
  if (schema && output.type === 'json-schema' && dialect.structuredOutput === 'json_schema') {
    return { fields: { response_format: { type: 'json_schema', json_schema: named(output, schema) } } }
  }
  const fields: JsonObject = dialect.structuredOutput === 'none' ? {} : { response_format: { type: 'json_object' } }
  if (schema) {
    const text = JSON.stringify(schema)
    return {
      fields,
      instruction: `Answer with one JSON value that matches this JSON Schema, and nothing else:\n${text}`,
    }
  }
  // OpenAI refuses JSON mode when the prompt never says JSON.
  if (dialect.structuredOutput !== 'none' && saysJson(conversation)) return { fields }
  return { fields, instruction: 'Answer with one JSON object and nothing else.' }
}

function named(output: OutputFormat & { type: 'json-schema' }, schema: JsonObject): JsonObject {
  const name = (output.name ?? '').replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || 'answer'
  if (output.strict === true) {
    const closed = closeSchema(schema)
    return isClosedSchema(closed) ? { name, schema: closed, strict: true } : { name, schema }
  }
  return output.strict === undefined && isStrictSchema(schema) ? { name, schema, strict: true } : { name, schema }
}

function withoutDraft(schema: JsonObject): JsonObject {
  const { $schema: _, ...rest } = schema
  return rest
}

function saysJson(conversation: Conversation): boolean {
  if (conversation.system.some((part) => /json/i.test(part.text))) return true
  return conversation.messages.some((message) =>
    message.parts.some((part) => part.type === 'text' && /json/i.test(part.text)),
  )
}
