import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import type { ServerTool, Tool, ToolChoice } from '../../model/request.ts'
import { badRequest, listOf, objectOf, textOf, wordOf } from './wire.ts'

export interface DecodedTools {
  tools: Tool[]
  serverTools: ServerTool[]
  /** Kinds of tools only this protocol knows. */
  others: JsonObject[]
  toolChoice?: ToolChoice
}

export function decodeTools(body: JsonObject): DecodedTools {
  const result: DecodedTools = { tools: [], serverTools: [], others: [] }
  const names = new Set<string>()
  const add = (tool: Tool) => {
    if (names.has(tool.name)) return
    names.add(tool.name)
    result.tools.push(tool)
  }
  for (const [key, list] of [
    ['tools', body.tools],
    ['functions', body.functions],
  ] as const) {
    if (list === undefined || list === null) continue
    if (!Array.isArray(list)) throw badRequest(key, 'must be a list')
    for (const [index, item] of list.entries()) {
      const path = `${key}[${index}]`
      if (!isObject(item)) throw badRequest(path, 'must be an object')
      const server = serverTool(item)
      const tool = server ? undefined : functionTool(key === 'functions' ? { function: item } : item, path)
      if (server) result.serverTools.push(server)
      else if (tool) add(tool)
      else result.others.push(item)
    }
  }
  const options = objectOf(body.web_search_options)
  if (options) result.serverTools.push({ type: 'web-search', ...(Object.keys(options).length > 0 && { options }) })
  return withChoice(result, body.tool_choice ?? body.function_call)
}

function functionTool(item: JsonObject, path: string): Tool | undefined {
  const custom = item.type === 'custom' ? (objectOf(item.custom) ?? item) : undefined
  const isKnown = item.type === undefined || item.type === 'function' || custom !== undefined || isObject(item.function)
  if (!isKnown && !isObject(item.input_schema)) return undefined
  const declared = custom ?? objectOf(item.function) ?? item
  const name = wordOf(declared.name)
  if (!name) throw badRequest(`${path}.function.name`, 'must name the function')
  const tool: Tool = { name }
  const description = textOf(declared.description)
  if (description !== undefined) tool.description = description
  const parameters = custom ? freeText : (objectOf(declared.parameters) ?? objectOf(declared.input_schema))
  if (parameters) tool.parameters = parameters
  if (typeof declared.strict === 'boolean') tool.strict = declared.strict
  return tool
}

/** A custom tool takes one text in whatever grammar it likes. */
const freeText: JsonObject = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] }

/** Tools the provider runs, as several services spell them. */
function serverTool(item: JsonObject): ServerTool | undefined {
  if (item.type === undefined || item.type === null) {
    if (isObject(item.googleSearch) || isObject(item.google_search)) return { type: 'web-search' }
    if (isObject(item.urlContext) || isObject(item.url_context)) return { type: 'url-context' }
    if (isObject(item.codeExecution) || isObject(item.code_execution)) return { type: 'code-execution' }
    return undefined
  }
  const type = typeof item.type === 'string' ? item.type : ''
  if (/^(web_search|google_search)/.test(type)) return { type: 'web-search', options: item }
  if (/^(web_fetch|url_context)/.test(type)) return { type: 'url-context', options: item }
  if (/^code_(interpreter|execution)/.test(type)) return { type: 'code-execution', options: item }
  return undefined
}

function withChoice(result: DecodedTools, choice: Json | undefined): DecodedTools {
  switch (choice) {
    case undefined:
    case null:
      return result
    case 'auto':
      return { ...result, toolChoice: { type: 'auto' } }
    case 'none':
      return { ...result, toolChoice: { type: 'none' } }
    case 'required':
    case 'any':
      return { ...result, toolChoice: { type: 'required' } }
  }
  if (!isObject(choice)) throw badRequest('tool_choice', 'must be auto, none, required or name a function')
  if (choice.type === 'auto' || choice.type === 'none') return withChoice(result, choice.type)
  if (choice.type === 'any' || choice.type === 'required') return withChoice(result, 'required')
  if (choice.type === 'allowed_tools') {
    const allowed = objectOf(choice.allowed_tools) ?? choice
    const names = listOf(allowed.tools).flatMap((tool) => nameIn(tool) ?? [])
    if (allowed.mode === 'required') return { ...result, toolChoice: { type: 'required', names } }
    // Left to the model, but only among these: the others are not offered.
    return {
      ...result,
      tools: result.tools.filter((tool) => names.includes(tool.name)),
      toolChoice: { type: 'auto' },
    }
  }
  const name = nameIn(choice)
  if (!name) throw badRequest('tool_choice', 'must be auto, none, required or name a function')
  return { ...result, toolChoice: { type: 'required', names: [name] } }
}

function nameIn(value: Json): string | undefined {
  const tool = objectOf(value)
  return wordOf(objectOf(tool?.function)?.name) ?? wordOf(objectOf(tool?.custom)?.name) ?? wordOf(tool?.name)
}
