import { readFile } from 'node:fs/promises'
import tls from 'node:tls'
import { GatewayError } from '../model/error.ts'
import type { Environment } from './proxy.ts'

/**
 * The certificates an upstream may be signed by: Node's own (NODE_EXTRA_CA_CERTS included) and the user's
 * file. Undefined means Node's own alone.
 */
export async function trustedCertificates(env: Environment, caFile?: string): Promise<string[] | undefined> {
  const files = [...new Set([caFile, env.PATCHBAY_CA_FILE, env.SSL_CERT_FILE])].filter((file) => !!file) as string[]
  if (files.length === 0) return undefined
  const extra = await Promise.all(files.map((file) => readCertificates(file)))
  return [...nodeCertificates(), ...extra]
}

async function readCertificates(file: string): Promise<string> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new GatewayError('provider-unreachable', `The CA file ${file} cannot be read (${errorCode(cause)}).`, {
      cause,
    })
  }
  if (text.includes('-----BEGIN CERTIFICATE-----') || text.includes('-----BEGIN TRUSTED CERTIFICATE-----')) return text
  throw new GatewayError('provider-unreachable', `The CA file ${file} holds no PEM certificate.`)
}

function nodeCertificates(): readonly string[] {
  // Only newer Node can say what it trusts by default, extra certificates included.
  return typeof tls.getCACertificates === 'function' ? tls.getCACertificates('default') : tls.rootCertificates
}

function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown reason'
}
