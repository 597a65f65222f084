import type { FinishReason, StreamEvent, Usage } from '../model/event.ts'
import type { Message, Part, ToolCallPart } from '../model/request.ts'
import { isSearchTool } from './tool.ts'

/** What the client has been told so far, over all turns of the model. */
export interface Told {
  started: boolean
  text: string
  /** Something a reader would see. */
  spoke: boolean
}

/**
 * One turn of the model on its way to the client. Searches, usage and the end stay here; text that follows a search is
 * set apart from the text before it.
 */
export interface ModelTurn {
  /** Of these events, what the client is told now. */
  take(events: readonly StreamEvent[]): StreamEvent[]
  readonly searches: readonly ToolCallPart[]
  readonly clientCalls: readonly ToolCallPart[]
  end(): { reason: FinishReason } | undefined
  usage(): Usage | undefined
  /** As the conversation goes on with it. */
  message(): Message
}

export function createModelTurn(told: Told): ModelTurn {
  const parts: Part[] = []
  const searches: ToolCallPart[] = []
  const clientCalls: ToolCallPart[] = []
  const followsText = told.text !== ''
  let hasText = false
  let end: { reason: FinishReason } | undefined
  let usage: Usage | undefined

  return {
    take: (events) => events.flatMap((event) => take(event) ?? []),
    searches,
    clientCalls,
    end: () => end,
    usage: () => usage,
    message: () => ({ role: 'assistant', parts }),
  }

  function take(event: StreamEvent): StreamEvent | undefined {
    switch (event.type) {
      case 'response-start': {
        const isFirst = !told.started
        told.started = true
        return isFirst ? event : undefined
      }
      case 'usage':
        usage = event.usage
        return undefined
      case 'response-end':
        end ??= { reason: event.reason }
        return undefined
      case 'tool-call': {
        const { type, id, name, args, signature } = event
        const call: ToolCallPart = { type, id, name, args, ...(signature && { signature }) }
        parts.push(call)
        // a client's own search tool is not there, or ours stands in its place
        if (isSearchTool(name)) {
          searches.push(call)
          return undefined
        }
        clientCalls.push(call)
        told.spoke = true
        return event
      }
      case 'text-delta':
        return takeText(event)
      case 'reasoning-delta':
        append(event, 'reasoning')
        return event
      case 'refusal-delta':
      case 'media':
        told.spoke = true
        return event
      default:
        return event
    }
  }

  function takeText(event: Extract<StreamEvent, { type: 'text-delta' }>): StreamEvent {
    append(event, 'text')
    if (event.text === '') return event
    const apart = followsText && !hasText && !told.text.endsWith('\n') && !event.text.startsWith('\n') ? '\n\n' : ''
    hasText = true
    told.spoke = true
    const text = apart + event.text
    told.text += text
    return apart === '' ? event : { ...event, text }
  }

  /** Deltas of one kind become one part, unless a signature closes it. */
  function append({ text, signature }: { text: string; signature?: ToolCallPart['signature'] }, type: TextType): void {
    const last = parts.at(-1)
    if (last?.type === type && last.signature === undefined) {
      last.text += text
      if (signature) last.signature = signature
    } else parts.push({ type, text, ...(signature && { signature }) })
  }
}

type TextType = 'text' | 'reasoning'
