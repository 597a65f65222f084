import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

export interface TestCertificates {
  /** The CA alone, as PEM. */
  caFile: string
  folder: string
  key: string
  cert: string
}

/** A private CA and a certificate for 127.0.0.1, localhost and model.example, made for this test alone. */
export function makeCertificates(): TestCertificates {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-certs-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  const ca = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const host = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const isCa = extension('551d13', sequence(Buffer.from('0101ff', 'hex')), true)
  const names = extension(
    '551d11',
    sequence(...['localhost', 'model.example'].map(dnsName), der(0x87, Buffer.from([127, 0, 0, 1]))),
  )
  const caFile = path.join(folder, 'ca.pem')
  fs.writeFileSync(caFile, certificate('Test CA', ca.publicKey, isCa, ca.privateKey))
  return {
    caFile,
    folder,
    key: host.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: certificate('localhost', host.publicKey, names, ca.privateKey),
  }
}

/** X.509 version 3, signed by the test CA with ECDSA and SHA-256; valid for a day around now. */
function certificate(subject: string, key: crypto.KeyObject, extensions: Buffer, signer: crypto.KeyObject): string {
  const algorithm = sequence(oid('2a8648ce3d040302'))
  const day = 86_400_000
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), crypto.randomBytes(8)])),
    algorithm,
    name('Test CA'),
    sequence(time(Date.now() - day), time(Date.now() + day)),
    name(subject),
    key.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extensions)),
  )
  const signature = crypto.sign('sha256', content, signer)
  const whole = sequence(content, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts))
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
const dnsName = (host: string): Buffer => der(0x82, Buffer.from(host))
const name = (common: string): Buffer => sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(common)))))
const time = (at: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`))

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [Buffer.from('0101ff', 'hex')] : []), der(0x04, value))
}
