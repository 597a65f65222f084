import zlib from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodePng } from '../../electron/png.ts'
import { trayIcon } from '../../electron/tray-icon.ts'
import type { IconState } from '../../electron/tray-view.ts'

const states: IconState[] = ['running', 'degraded', 'no-backend', 'paused']
const ink = [0, 0, 0] as const

/** `#` ink, `+` a smooth edge, `o` a colour. */
function drawn(state: IconState, template: boolean): string {
  const { size, rgba } = trayIcon(state, { size: 16, ink, template })
  const pixel = (index: number): string => {
    const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(index * 4, index * 4 + 4)
    if (alpha < 64) return ' '
    if (red + green + blue > 0) return 'o'
    return alpha < 192 ? '+' : '#'
  }
  const rows = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => pixel(row * size + column)).join(''),
  )
  return `\n${rows.join('\n')}\n`
}

describe('the icon', () => {
  test.each(states)('%s', (state) => {
    expect(drawn(state, false)).toMatchSnapshot()
  })

  test('each state has a shape of its own, without any colour', () => {
    expect(new Set(states.map((state) => drawn(state, true))).size).toBe(4)
    for (const state of states) expect(drawn(state, true)).not.toContain('o')
  })
})

test('a PNG gives the picture back', () => {
  const picture = trayIcon('degraded', { size: 16, ink, template: false })
  const png = encodePng(picture)
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([16, 16])
  const at = png.indexOf('IDAT')
  const rows = zlib.inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)))
  const pixels = Array.from({ length: 16 }, (_, row) => [...rows.subarray(row * 65 + 1, row * 65 + 65)]).flat()
  expect(pixels).toEqual([...picture.rgba])
})
