import { isObject, type JsonObject } from '../../model/json.ts'
import type { Conversation, ModelRequest } from '../../model/request.ts'
import type { Target } from '../../model/target.ts'
import type { EncodedRequest } from '../codec.ts'
import { stringifyJson } from '../json-body.ts'
import { createToolNames } from '../tool-names.ts'
import { encodeContents } from './encode-contents.ts'
import { encodeGeneration } from './encode-generation.ts'
import { encodeTools } from './encode-tools.ts'
import { addressOf, relayRequest, targetPath, wrap } from './relay-request.ts'
import { isUntouched } from './request.ts'
import type { SignatureStore } from './signatures.ts'

/** What names Gemini takes for its functions. */
const nameRules = { maxLength: 128, allowed: /[A-Za-z0-9_.:-]/, first: /[A-Za-z_]/ }

/** Of the extension, what is not a top-level field of its own. */
const placedElsewhere = new Set(['tools', 'toolConfig', 'generationConfig', 'envelope', 'session_id'])

export function encodeRequest(
  request: ModelRequest,
  target: Target,
  signatures: SignatureStore,
): EncodedRequest | Promise<EncodedRequest> {
  return isUntouched(request) ? relayRequest(request, target) : translateRequest(request, target, signatures)
}

async function translateRequest(
  request: ModelRequest,
  target: Target,
  signatures: SignatureStore,
): Promise<EncodedRequest> {
  const conversation = await request.conversation()
  const names = createToolNames(nameRules)
  const dropped: EncodedRequest['dropped'] = []
  const body = writeBody(conversation, target, {
    names,
    signatures,
    dropped,
    fromGemini: request.protocol === 'gemini-chat',
  })
  for (const parameter of target.dialect.dropParams) remove(body, parameter.split('.'))
  if (conversation.parallelToolCalls === false)
    dropped.push({ what: 'one tool call at a time', because: 'Gemini has no switch for it' })
  return {
    path: targetPath(target, request.stream ? 'streamGenerateContent' : 'generateContent'),
    body: await writeBytes(body, conversation, request, target),
    relayed: false,
    toolNames: names.toClient,
    dropped,
  }
}

interface WriteContext {
  names: ReturnType<typeof createToolNames>
  signatures: SignatureStore
  fromGemini: boolean
  dropped: EncodedRequest['dropped']
}

function writeBody(conversation: Conversation, target: Target, context: WriteContext): JsonObject {
  const { contents, systemInstruction } = encodeContents(conversation, target.model, {
    names: context.names,
    signatures: context.signatures,
    callIds: target.dialect.callIds,
  })
  const { tools, toolConfig } = encodeTools(conversation, target, context)
  const generationConfig = encodeGeneration(conversation, target, context)
  const extension = Object.entries(conversation.extensions['gemini-chat'] ?? {})
  return {
    contents,
    ...(systemInstruction ? { systemInstruction } : {}),
    ...(tools ? { tools } : {}),
    ...(toolConfig ? { toolConfig } : {}),
    ...(generationConfig ? { generationConfig } : {}),
    ...Object.fromEntries(extension.filter(([key]) => !placedElsewhere.has(key))),
  }
}

async function writeBytes(
  body: JsonObject,
  conversation: Conversation,
  { wire }: ModelRequest,
  target: Target,
): Promise<Buffer> {
  const extraBody = target.dialect.extraBody ?? {}
  if (target.envelope === 'none') return stringifyJson({ ...body, ...extraBody })
  const extension = conversation.extensions['gemini-chat']
  const said = isObject(extension?.envelope) ? extension.envelope : {}
  const { project, ...address } = addressOf(target, wire)
  const envelope = { ...address, ...said, ...(project === undefined ? {} : { project }), ...extraBody }
  const session = extension?.session_id
  const bytes = await stringifyJson(session === undefined ? body : { ...body, session_id: session })
  return wrap(target.model, bytes, envelope)
}

/** Takes one parameter out, its path given as steps. */
function remove(body: JsonObject, [step, ...rest]: string[]): void {
  if (step === undefined || !Object.hasOwn(body, step)) return
  const value = body[step]
  if (rest.length === 0) delete body[step]
  else if (isObject(value)) remove(value, rest)
}
