import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import { encodeError as encodeAnthropicError } from './codecs/anthropic-messages/error.ts'
import type { Codec } from './codecs/codec.ts'
import { parseGeminiPath } from './codecs/gemini-chat/path.ts'
import type { Config } from './config/schema.ts'
import { createExposure, type Exposure } from './exposure.ts'
import type { Targets } from './gateway-targets.ts'
import { bind } from './http/bind.ts'
import { createDrain } from './http/drain.ts'
import { localAddresses } from './http/local-addresses.ts'
import { bareRequest } from './model/bare-request.ts'
import type { Generate } from './model/generate.ts'
import type { Log } from './observe/log.ts'
import type { CallRaw } from './providers/call-raw.ts'
import { createStartUpRelay } from './providers/code-assist/relay-start-up.ts'
import { createCountTokens } from './providers/count-tokens.ts'
import { createEmbed } from './providers/embed.ts'
import type { RoutingState } from './routing-state.ts'
import { createGuard, whileOpen } from './server/guard.ts'
import { createHeartbeat } from './server/heartbeat.ts'
import { createServer, type ServerParts } from './server/server.ts'

export interface DataPortOptions {
  host: string
  config(): Config
  codecs: { 'gemini-chat': Codec; 'openai-chat': Codec }
  generate: Generate
  targets: Pick<Targets, 'decide' | 'pick' | 'count'>
  routing: RoutingState
  callRaw: CallRaw
  /** Whose client key it is, by name. */
  clientKeyName(given: string): string | undefined
  /** Whether a key is asked for at this moment. */
  asksForKey(): boolean
  paused(): boolean
  /** What is missing for any request at all, in words. */
  notReady(): string | undefined
  metrics(): string
  log: Log
  /** Milliseconds since 1970. */
  now(): number
  /** This computer's addresses in the local network; left out: all its private ones. */
  localAddresses?: () => string[]
}

/** Where programs talk to the gateway, and the local network for a while when it is let in. */
export interface DataPort {
  bind(port: number): Promise<void>
  /** Undefined until it is bound. */
  port(): number | undefined
  url(): string
  /** Every address it answers at now. */
  listening(): readonly { host: string; port: number }[]
  exposure: Exposure
  /** Unique per request, letters and digits. */
  nextId(): string
  /** Stops accepting, lets open answers end for `drainMs` at most. */
  close(drainMs: number): Promise<void>
}

/** How long an answer may be silent before the client is told that it is still coming. */
const silenceMs = 15_000

/** How long a client that asks for a count waits for an exact one. */
const exactCountMs = 5000

/** The half of the gateway that joins what answers requests to the listeners they come to. */
export function createDataPort(options: DataPortOptions): DataPort {
  const { host, config, codecs, targets, routing, callRaw, clientKeyName, asksForKey, log, now } = options
  const geminiChat = codecs['gemini-chat']

  let count = 0
  const idPrefix = randomBytes(4).toString('hex')
  const nextId = () => `${idPrefix}${(++count).toString(36).padStart(5, '0')}`

  const targetFor = (model: string) => targets.decide(bareRequest(model)).order.map(({ target }) => target)
  const countTokens = createCountTokens({
    codec: geminiChat,
    callRaw,
    pick: targets.pick,
    count: async (request) => (await targets.count(request, exactCountMs)).tokens,
  })
  const embed = createEmbed({ callRaw, pick: (model, routed) => targets.pick(bareRequest(model), routed) })
  const heartbeat = createHeartbeat({ silenceMs, now })
  const serving: Omit<ServerParts, 'guard'> = {
    generate: options.generate,
    heartbeat,
    codecs,
    // The Responses API tells its errors as Chat does.
    refusals: {
      ...codecs,
      'openai-responses': codecs['openai-chat'],
      'anthropic-messages': { encodeError: encodeAnthropicError },
    },
    now,
    nextId,
    failed: (error, id) =>
      error.kind === 'internal'
        ? log.error('request failed', { id, error })
        : log.debug('request refused', { id, kind: error.kind, because: error.message }),
    bodyLimitBytes: () => config().gateway.bodyLimitMb * 1024 * 1024,
    models: routing.listed,
    model: (name) => routing.listedAs(name, () => targetFor(name)[0]),
    countTokens,
    embed: (wire, routed, signal) =>
      embed(wire, wire.protocol === 'gemini-chat' ? parseGeminiPath(wire.path)?.model : undefined, routed, signal),
    codeAssist: createStartUpRelay({
      callRaw,
      provider: (id) => routing.current().catalog.provider(id),
      targetsFor: targetFor,
    }),
    paused: options.paused,
    notReady: options.notReady,
    metrics: options.metrics,
  }

  const guarding = { allowedOrigins: () => config().gateway.allowedOrigins, clientKeyName }
  const server = createServer({ ...serving, guard: createGuard({ ...guarding, host, asksForKey }) })
  const drain = createDrain(server)
  let address: AddressInfo | undefined
  const exposure = createExposure({
    addresses: options.localAddresses ?? (() => localAddresses(os.networkInterfaces())),
    port: () => address!.port,
    serverAt(at) {
      // a key is asked for there, whatever the config says meanwhile
      const guard = createGuard({ ...guarding, host: at, asksForKey: () => true })
      return createServer({ ...serving, guard: whileOpen(guard, exposure.isOpen) })
    },
    now,
  })
  exposure.subscribe(() => {
    const open = exposure.current()
    if (open) log.warn('open to the network', { urls: open.urls, until: new Date(open.until).toISOString() })
    else log.info('closed to the network')
  })

  return {
    async bind(port) {
      address = await bind(server, host, port, {
        port: 'Set gateway.port in the config, or start with --port N.',
        host: 'Set gateway.host in the config, or start with --host H.',
      })
    },
    port: () => address?.port,
    url: () => `http://${host.includes(':') ? `[${host}]` : host}:${address?.port}`,
    listening: () => (address ? [{ host, port: address.port }, ...exposure.listening()] : []),
    exposure,
    nextId,
    async close(drainMs) {
      await Promise.all([drain(drainMs), exposure.close(drainMs)])
      heartbeat.close()
    },
  }
}
