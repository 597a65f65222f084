import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import { GatewayError } from '../model/error.ts'
import type { Sink } from '../model/flow.ts'
import type { ResponseBody } from './response-reader.ts'

/** We ask for plain bytes; a service that compresses all the same is understood. */
export function decodedBody(body: ResponseBody, encoding: string, host: string): ResponseBody {
  return encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .reverse()
    .reduce((inner, name) => (name === '' || name === 'identity' ? inner : unpacked(inner, name, host)), body)
}

function decoderFor(name: string, host: string): Transform {
  switch (name) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH })
    case 'deflate':
      return zlib.createInflate({ flush: zlib.constants.Z_SYNC_FLUSH })
    case 'br':
      return zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH })
    case 'zstd':
      if (typeof zlib.createZstdDecompress === 'function') return zlib.createZstdDecompress()
  }
  throw new GatewayError('provider-error', `${host} answered in the encoding "${name}", which nobody asked for.`)
}

function unpacked(body: ResponseBody, name: string, host: string): ResponseBody {
  let decoder: Transform
  try {
    decoder = decoderFor(name, host)
  } catch (thrown) {
    body.cancel()
    throw thrown
  }
  let sink: Sink<Buffer> | undefined
  let broken: { thrown: unknown } | undefined
  const tellBreak = (): void => {
    if (broken && sink && !decoder.isPaused()) sink.failed(broken.thrown)
  }
  decoder.on('data', (piece: Buffer) => sink?.next(piece))
  decoder.on('end', () => sink?.end())
  // an error that comes before anybody reads waits for its reader
  decoder.on('error', (cause) => {
    body.cancel()
    const words = `${host} sent a compressed answer that cannot be unpacked.`
    broken = { thrown: cause instanceof GatewayError ? cause : new GatewayError('stream-broken', words, { cause }) }
    tellBreak()
  })
  decoder.on('drain', () => body.resume())
  decoder.pause()
  body.into({
    next(piece) {
      if (!decoder.write(piece)) body.pause()
    },
    end: () => void decoder.end(),
    failed: (thrown) => void decoder.destroy(thrown as Error),
  })
  const resume = (): void => {
    decoder.resume()
    tellBreak()
  }
  return {
    into(next) {
      sink = next
      resume()
    },
    pause: () => void decoder.pause(),
    resume,
    cancel() {
      sink = undefined
      body.cancel()
      decoder.destroy()
    },
  }
}
