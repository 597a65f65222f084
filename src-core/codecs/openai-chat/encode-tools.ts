import type { JsonObject } from '../../model/json.ts'
import type { Conversation, Tool } from '../../model/request.ts'
import type { Dialect } from '../../model/target.ts'

export interface ToolRules {
  toolName(name: string): string
  dialect: Dialect
  dropped: { what: string; because: string }[]
}

/** `tools`, `tool_choice` and `parallel_tool_calls`; nothing when no tools remain. */
export function encodeTools(conversation: Conversation, rules: ToolRules): JsonObject {
  const { dialect, dropped } = rules
  const choice = conversation.toolChoice
  let tools = firstOfEachName(conversation.tools)
  let toolChoice: string | JsonObject | undefined

  if (choice?.type === 'none') {
    // A service that cannot be told "none" is told of no tools.
    if (dialect.forcedToolChoice) toolChoice = 'none'
    else tools = []
  } else if (choice?.type === 'required') {
    const declared = new Set(tools.map((tool) => tool.name))
    const names = (choice.names ?? []).filter((name) => declared.has(name))
    const isNarrow = names.length > 0 && names.length < tools.length
    if (!dialect.forcedToolChoice) {
      dropped.push({ what: 'tool_choice required', because: 'the service takes only auto' })
      if (isNarrow) tools = tools.filter((tool) => names.includes(tool.name))
    } else if (names.length === 1) {
      toolChoice = functionNamed(rules.toolName(names[0]!))
    } else if (isNarrow && dialect.allowedTools) {
      const allowed = names.map((name) => functionNamed(rules.toolName(name)))
      toolChoice = { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: allowed } }
    } else {
      toolChoice = 'required'
      if (isNarrow) tools = tools.filter((tool) => names.includes(tool.name))
    }
  }

  if (tools.length === 0) return {}
  return {
    tools: tools.map((tool) => encodeTool(tool, rules)),
    ...(toolChoice !== undefined && { tool_choice: toolChoice }),
    ...(conversation.parallelToolCalls !== undefined && { parallel_tool_calls: conversation.parallelToolCalls }),
  }
}

const functionNamed = (name: string): JsonObject => ({ type: 'function', function: { name } })

function firstOfEachName(tools: readonly Tool[]): Tool[] {
  const names = new Set<string>()
  return tools.filter((tool) => !names.has(tool.name) && names.add(tool.name))
}

function encodeTool(tool: Tool, rules: ToolRules): JsonObject {
  const declared: JsonObject = { name: rules.toolName(tool.name) }
  if (tool.description !== undefined) declared.description = tool.description
  declared.parameters = encodeParameters(tool.parameters)
  if (tool.strict === true) declared.strict = true
  return { type: 'function', function: declared }
}

/** An object schema with `properties`, which OpenAI insists on even when there are none. */
function encodeParameters(parameters: JsonObject | undefined): JsonObject {
  if (!parameters) return { type: 'object', properties: {} }
  const { $schema: _, ...schema } = parameters
  const isComposed = ['anyOf', 'oneOf', 'allOf', '$ref'].some((key) => Object.hasOwn(schema, key))
  if (schema.type === undefined && !isComposed) schema.type = 'object'
  if (schema.type === 'object' && schema.properties === undefined && !isComposed) schema.properties = {}
  return schema
}
