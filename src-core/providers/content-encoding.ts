import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import { GatewayError } from '../model/error.ts'
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
  // An error is thrown to the reader; one that comes before anybody reads must not end the process.
  decoder.on('error', () => {})
  void feed(body, decoder)
  return {
    cancel: () => {
      body.cancel()
      decoder.destroy()
    },
    async *[Symbol.asyncIterator]() {
      try {
        for await (const piece of decoder) yield piece as Buffer
      } catch (thrown) {
        if (thrown instanceof GatewayError) throw thrown
        throw new GatewayError('stream-broken', `${host} sent a compressed answer that cannot be unpacked.`, {
          cause: thrown,
        })
      } finally {
        body.cancel()
        decoder.destroy()
      }
    },
  }
}

async function feed(body: ResponseBody, decoder: Transform): Promise<void> {
  try {
    for await (const piece of body) {
      if (decoder.destroyed) return
      if (!decoder.write(piece)) await drained(decoder)
    }
    decoder.end()
  } catch (thrown) {
    decoder.destroy(thrown as Error)
  }
}

function drained(decoder: Transform): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      decoder.off('drain', over)
      decoder.off('close', over)
      resolve()
    }
    decoder.on('drain', over)
    decoder.on('close', over)
  })
}
