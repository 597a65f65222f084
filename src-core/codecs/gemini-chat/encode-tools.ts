import { isObject, type JsonObject } from '../../model/json.ts'
import type { Conversation, ServerTool, Tool } from '../../model/request.ts'
import type { Target } from '../../model/target.ts'
import type { EncodedRequest } from '../codec.ts'
import type { ToolNames } from '../tool-names.ts'
import { toGeminiSchema } from './gemini-schema.ts'
import { geminiModel } from './model-family.ts'

const wireNames: Record<ServerTool['type'], string> = {
  'web-search': 'googleSearch',
  'url-context': 'urlContext',
  'code-execution': 'codeExecution',
}

export interface EncodedTools {
  tools?: JsonObject[]
  toolConfig?: JsonObject
}

/** All functions in one tool object, Google's own tools beside it. */
export function encodeTools(
  conversation: Conversation,
  target: Target,
  { names, fromGemini, dropped }: { names: ToolNames; fromGemini: boolean; dropped: EncodedRequest['dropped'] },
): EncodedTools {
  const declarations = declare(conversation.tools, target, names)
  const extension = conversation.extensions['gemini-chat']
  const others = Array.isArray(extension?.tools) ? extension.tools.filter(isObject) : []
  const newer = (geminiModel(target.model)?.generation ?? 0) >= 3
  const fits = fromGemini || declarations.length === 0 || newer
  const serverTools = fits ? conversation.serverTools : []
  if (!fits && conversation.serverTools.length > 0)
    dropped.push({ what: "the provider's own tools", because: `${target.model} takes them only without functions` })
  const tools: JsonObject[] = [
    ...(declarations.length > 0 ? [{ functionDeclarations: declarations }] : []),
    ...serverTools.map(({ type, options }) => ({ [wireNames[type]]: (fromGemini && options) || {} })),
    ...others,
  ]
  const mixed = !fromGemini && declarations.length > 0 && serverTools.length > 0
  const toolConfig: JsonObject = {
    ...(declarations.length > 0 ? callingConfig(conversation, names) : {}),
    ...(mixed ? { includeServerSideToolInvocations: true } : {}),
    ...(isObject(extension?.toolConfig) ? extension.toolConfig : {}),
  }
  return {
    ...(tools.length > 0 ? { tools } : {}),
    ...(Object.keys(toolConfig).length > 0 ? { toolConfig } : {}),
  }
}

function declare(tools: Tool[], { dialect }: Target, names: ToolNames): JsonObject[] {
  const seen = new Set<string>()
  const declarations: JsonObject[] = []
  for (const { name, description, parameters } of tools) {
    if (seen.has(name)) continue
    seen.add(name)
    declarations.push({
      name: names.toWire(name),
      ...(description === undefined ? {} : { description }),
      ...(parameters && dialect.jsonSchemaTools ? { parametersJsonSchema: parameters } : {}),
      ...(parameters && !dialect.jsonSchemaTools ? { parameters: toGeminiSchema(parameters) } : {}),
    })
  }
  return declarations
}

function callingConfig({ toolChoice }: Conversation, names: ToolNames): JsonObject {
  switch (toolChoice?.type) {
    case undefined:
    case 'auto':
      return {}
    case 'none':
      return { functionCallingConfig: { mode: 'NONE' } }
    case 'required': {
      const allowed = toolChoice.names?.map((name) => names.toWire(name))
      return { functionCallingConfig: { mode: 'ANY', ...(allowed ? { allowedFunctionNames: allowed } : {}) } }
    }
  }
}
