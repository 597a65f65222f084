import type { Conversation, ModelRequest, ToolChoice } from '../model/request.ts'
import type { LoopOptions } from './search-loop.ts'
import { isSearchTool, searchTool, toolName } from './tool.ts'

/** The request with the tool and with all that was found. */
export function withTool({ request, conversation, messages, mustSearch, progress }: LoopOptions): ModelRequest {
  const { budget, turns } = progress
  const others = conversation.tools.filter(({ name }) => !isSearchTool(name))
  const isSpent = budget.left() === 0
  // A history with calls in it wants the tool declared, so where it is the only one it stays and is only forbidden.
  const tools = isSpent && others.length > 0 ? others : [...others, searchTool(budget.engines())]
  let toolChoice: ToolChoice | undefined = conversation.toolChoice
  if (isSpent && others.length === 0) toolChoice = { type: 'none' }
  else if (mustSearch && turns.length === 0) toolChoice = { type: 'required', names: [toolName] }
  const asked: Conversation = {
    ...conversation,
    tools,
    serverTools: conversation.serverTools.filter(({ type }) => type !== 'web-search'),
    extensions: withoutSearchOptions(conversation.extensions),
    toolChoice,
    messages: [...messages, ...turns],
  }
  return { ...request, rewritten: true, conversation: () => Promise.resolve(asked) }
}

/** OpenAI's own switch for a search by the model. */
function withoutSearchOptions(extensions: Conversation['extensions']): Conversation['extensions'] {
  const { web_search_options: _, ...chat } = extensions['openai-chat'] ?? {}
  return extensions['openai-chat'] ? { ...extensions, 'openai-chat': chat } : extensions
}
