import http from 'node:http'
import type { NetworkInterfaceInfo } from 'node:os'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createExposure, type Exposure } from '../../src-core/exposure.ts'
import { PortError } from '../../src-core/http/bind.ts'
import { localAddresses } from '../../src-core/http/local-addresses.ts'

const opened: Exposure[] = []
afterEach(() => Promise.all(opened.splice(0).map((exposure) => exposure.close(0))))

/** On loopback addresses of its own: nothing in these tests reaches a network. */
function rig(addresses = ['127.0.0.1'], port = 0) {
  const it = { clock: 1000, told: 0 }
  const exposure = createExposure({
    addresses: () => addresses,
    port: () => port,
    serverAt: () => http.createServer((_request, response) => response.end('here')),
    now: () => it.clock,
  })
  exposure.subscribe(() => {
    it.told += 1
  })
  opened.push(exposure)
  return Object.assign(it, { exposure })
}

const reach = (url: string) =>
  fetch(url).then(
    (response) => response.text(),
    () => 'nobody',
  )

test('closed until it is opened', () => {
  const { exposure } = rig()
  expect([exposure.isOpen(), exposure.current(), exposure.listening()]).toEqual([false, undefined, []])
})

test('open, it is reached where it says; closed, nobody is there', async () => {
  const it = rig()
  const { urls, until } = await it.exposure.open(60_000)
  expect(until).toBe(61_000)
  expect(await reach(urls[0]!)).toBe('here')
  await it.exposure.close()
  expect([await reach(urls[0]!), it.exposure.current(), it.told]).toEqual(['nobody', undefined, 2])
})

test('it closes by itself', async () => {
  const it = rig()
  const { urls } = await it.exposure.open(20)
  it.clock += 20
  expect([it.exposure.isOpen(), it.exposure.current()]).toEqual([false, undefined])
  await vi.waitFor(() => expect(it.told).toBe(2))
  await vi.waitFor(async () => expect(await reach(urls[0]!)).toBe('nobody'))
})

test('opened again, its end moves and its address stays; twice at once it opens once', async () => {
  const it = rig()
  const [first, second] = await Promise.all([it.exposure.open(60_000), it.exposure.open(90_000)])
  it.clock += 500
  const third = await it.exposure.open(30_000)
  expect([second.urls, third.urls]).toEqual([first.urls, first.urls])
  expect(third.until).toBe(31_500)
})

test('an address that is taken is left out; where all are, it says so and stays closed', async () => {
  const taken = http.createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as { port: number }
  const { exposure } = rig(['127.0.0.1'], port)
  await expect(exposure.open(1000)).rejects.toThrow(`Port ${port} is taken`)
  expect(exposure.current()).toBeUndefined()
  await expect(rig([]).exposure.open(1000)).rejects.toThrow(PortError)
  taken.close()
})

describe('local addresses', () => {
  const at = (address: string, internal = false, family: 'IPv4' | 'IPv6' = 'IPv4'): NetworkInterfaceInfo =>
    ({ address, internal, family, netmask: '', mac: '', cidr: null, scopeid: 0 }) as NetworkInterfaceInfo
  test.each([
    ['192.168.1.7', true],
    ['10.0.0.2', true],
    ['172.16.0.1', true],
    ['172.31.255.1', true],
    ['172.32.0.1', false],
    ['100.64.0.1', false],
    ['8.8.8.8', false],
    ['169.254.1.1', false],
  ])('%s: %s', (address, isLocal) => {
    const found = localAddresses({ eth0: [at(address)] })
    expect(found).toEqual(isLocal ? [address] : [])
  })
  test('neither its own loopback nor IPv6', () => {
    const interfaces = { lo: [at('127.0.0.1', true)], eth0: [at('fd00::2', false, 'IPv6'), at('10.1.1.1', true)] }
    expect(localAddresses(interfaces)).toEqual([])
  })
})
