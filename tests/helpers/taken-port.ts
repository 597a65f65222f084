import net from 'node:net'
import { onTestFinished } from 'vitest'

/** A port that somebody listens at until the test has ended. Rejects when it is somebody else already. */
export async function takenPort(port = 0): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  onTestFinished(() => void server.close())
  return (server.address() as net.AddressInfo).port
}

/** A port that is free while the one after it is taken. Others take ports meanwhile, so a few are tried. */
export async function portBeforeTaken(): Promise<number> {
  for (let tries = 0; tries < 20; tries++) {
    const after = await takenPort()
    const server = net.createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(after - 1, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    await new Promise((resolve) => server.close(resolve))
    return after - 1
  }
  throw new Error('no two ports side by side')
}
