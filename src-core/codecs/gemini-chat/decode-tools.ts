import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import type { ServerTool, Tool, ToolChoice } from '../../model/request.ts'
import { toStandardSchema } from './standard-schema.ts'
import { field, leftovers, readList, readObject, readString, wrongType } from './wire.ts'

const serverTools: Record<string, ServerTool['type']> = {
  googleSearch: 'web-search',
  googleSearchRetrieval: 'web-search',
  urlContext: 'url-context',
  codeExecution: 'code-execution',
}
const understood = new Set(['functionDeclarations', ...Object.keys(serverTools)])

export interface DecodedTools {
  tools: Tool[]
  serverTools: ServerTool[]
  /** Tools of Google's own that have no word here. */
  others: JsonObject[]
}

export function decodeTools(root: JsonObject): DecodedTools {
  const result: DecodedTools = { tools: [], serverTools: [], others: [] }
  readList(root, 'tools', '').forEach((tool, index) => {
    const path = `tools[${index}]`
    if (!isObject(tool)) throw wrongType(path, 'an object', tool)
    readList(tool, 'functionDeclarations', path).forEach((declaration, place) => {
      result.tools.push(decodeDeclaration(declaration, `${path}.functionDeclarations[${place}]`))
    })
    for (const [name, type] of Object.entries(serverTools)) {
      const options = field(tool, name)
      if (options === undefined) continue
      const hasOptions = isObject(options) && Object.keys(options).length > 0
      result.serverTools.push({ type, ...(hasOptions ? { options } : {}) })
    }
    const others = leftovers(tool, understood)
    if (others) result.others.push(others)
  })
  return result
}

function decodeDeclaration(declaration: Json, path: string): Tool {
  if (!isObject(declaration)) throw wrongType(path, 'an object', declaration)
  const name = readString(declaration, 'name', path)
  if (!name) throw wrongType(`${path}.name`, 'a name', field(declaration, 'name'))
  const description = readString(declaration, 'description', path)
  const standard = readObject(declaration, 'parametersJsonSchema', path)
  const own = standard ? undefined : readObject(declaration, 'parameters', path)
  const parameters = standard ?? (own && toStandardSchema(own))
  return { name, ...(description === undefined ? {} : { description }), ...(parameters ? { parameters } : {}) }
}

/** The tool choice, and what of `toolConfig` only Gemini understands. */
export function decodeToolConfig(root: JsonObject): { toolChoice?: ToolChoice; rest?: JsonObject } {
  const config = readObject(root, 'toolConfig', '')
  if (!config) return {}
  const rest = leftovers(config, new Set(['functionCallingConfig'])) ?? {}
  const calling = readObject(config, 'functionCallingConfig', 'toolConfig')
  const path = 'toolConfig.functionCallingConfig'
  const mode = (calling && readString(calling, 'mode', path)?.toUpperCase()) || 'MODE_UNSPECIFIED'
  const names = calling
    ? readList(calling, 'allowedFunctionNames', path).filter((name) => typeof name === 'string')
    : []
  if (mode === 'VALIDATED' && calling) rest.functionCallingConfig = calling
  const toolChoice = choiceOf(mode, names)
  return { ...(toolChoice ? { toolChoice } : {}), ...(Object.keys(rest).length > 0 ? { rest } : {}) }
}

function choiceOf(mode: string, names: string[]): ToolChoice | undefined {
  switch (mode) {
    case 'ANY':
      return { type: 'required', ...(names.length > 0 ? { names } : {}) }
    case 'NONE':
      return { type: 'none' }
    case 'AUTO':
    case 'VALIDATED':
      return { type: 'auto' }
    default:
      return undefined
  }
}
