type Item = Record<string, unknown>

const items = (value: unknown): Item[] =>
  Array.isArray(value) ? value.filter((item): item is Item => typeof item === 'object' && item !== null) : []

/** Anthropic: every tool_use has its tool_result in the very next message. */
export function toolUseAnsweredNext(messages: unknown): string | undefined {
  const list = items(messages)
  for (const [index, message] of list.entries()) {
    const answered = new Set(ofType(list[index + 1], 'tool_result').map((block) => block.tool_use_id))
    const open = ofType(message, 'tool_use').find((block) => !answered.has(block.id))
    if (open) return `tool_use ${String(open.id)} of message ${index} is not answered in the next message`
  }
  return undefined
}

/** Anthropic: in a message, tool_result blocks stand before everything else. */
export function toolResultsFirst(messages: unknown): string | undefined {
  for (const [index, message] of items(messages).entries()) {
    const types = items(message.content).map((block) => block.type)
    const firstOther = types.findIndex((type) => type !== 'tool_result')
    if (firstOther >= 0 && types.lastIndexOf('tool_result') > firstOther) {
      return `message ${index} has a tool_result after other content: ${types.join(', ')}`
    }
  }
  return undefined
}

/** Any protocol's history: every call has exactly one result, every result its call. */
export function callsAndResultsPair(history: unknown): string | undefined {
  const list = items(history)
  const gemini = list.flatMap((content) => items(content.parts))
  if (gemini.length > 0) return geminiPairs(list)
  const calls = list.flatMap((item) => [
    ...items(item.tool_calls).map((call) => call.id),
    ...ofType(item, 'tool_use').map((block) => block.id),
    ...(item.type === 'function_call' ? [item.call_id] : []),
  ])
  const results = list.flatMap((item) => [
    ...(item.role === 'tool' ? [item.tool_call_id] : []),
    ...ofType(item, 'tool_result').map((block) => block.tool_use_id),
    ...(item.type === 'function_call_output' ? [item.call_id] : []),
  ])
  if (new Set(calls).size !== calls.length) return `a call id comes twice: ${calls.join(', ')}`
  if (new Set(results).size !== results.length) return `a call is answered twice: ${results.join(', ')}`
  const open = calls.filter((id) => !results.includes(id))
  const orphans = results.filter((id) => !calls.includes(id))
  if (open.length + orphans.length === 0) return undefined
  return `unanswered: ${open.join(', ') || 'none'}; without a call: ${orphans.join(', ') || 'none'}`
}

/** Gemini: a content with N functionCall parts is followed by one content with N functionResponse parts of those names. */
function geminiPairs(contents: Item[]): string | undefined {
  const names = (content: Item | undefined, key: string): string[] =>
    items(content?.parts).flatMap((part) => {
      const inner = part[key] as Item | undefined
      return inner ? [String(inner.name)] : []
    })
  for (const [index, content] of contents.entries()) {
    const calls = names(content, 'functionCall')
    const results = names(contents[index + 1], 'functionResponse')
    if (calls.length > 0 && calls.toSorted().join() !== results.toSorted().join()) {
      return `content ${index} calls ${calls.join(', ')}, the next answers ${results.join(', ') || 'nothing'}`
    }
    if (names(content, 'functionResponse').length > 0 && names(contents[index - 1], 'functionCall').length === 0) {
      return `content ${index} answers calls nobody made`
    }
  }
  return undefined
}

function ofType(message: Item | undefined, type: string): Item[] {
  return items(message?.content).filter((block) => block.type === type)
}
