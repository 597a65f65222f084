// Draws the app's icon into build/icons, in the forms the systems want: PNGs for Linux, .ico for Windows, .icns for macOS.
import fs from 'node:fs'
import path from 'node:path'
import { encodePng } from '../electron/png.ts'
import { root } from './doors.mjs'

const copper = [184, 105, 58]
const cream = [250, 246, 240]
const ink = [46, 38, 32]
const samples = 4

/** A jack seen from the front on a plate of copper; the square goes from -1 to 1. */
function colourAt(x, y) {
  const plate = Math.max(Math.abs(x), Math.abs(y)) <= 0.9 && Math.hypot(beyond(x), beyond(y)) <= 0.3
  if (!plate) return undefined
  const radius = Math.hypot(x, y)
  if (radius > 0.62) return copper
  return radius > 0.42 || radius < 0.26 ? cream : ink
}

/** How far a coordinate lies in the rounded corner. */
function beyond(at) {
  return Math.max(0, Math.abs(at) - 0.6)
}

function draw(size) {
  const rgba = new Uint8Array(size * size * 4)
  for (let index = 0; index < size * size; index += 1) {
    const sum = [0, 0, 0]
    let hits = 0
    for (let sample = 0; sample < samples * samples; sample += 1) {
      const x = (((index % size) + ((sample % samples) + 0.5) / samples) / size) * 2 - 1
      const y = ((Math.floor(index / size) + (Math.floor(sample / samples) + 0.5) / samples) / size) * 2 - 1
      const colour = colourAt(x, y)
      if (!colour) continue
      hits += 1
      for (const channel of [0, 1, 2]) sum[channel] += colour[channel]
    }
    if (hits > 0) rgba.set([...sum.map((all) => all / hits), (hits / (samples * samples)) * 255], index * 4)
  }
  return encodePng({ size, rgba })
}

const pngs = new Map([16, 32, 48, 64, 128, 256, 512, 1024].map((size) => [size, draw(size)]))

function ico(sizes) {
  const header = Buffer.alloc(6 + sizes.length * 16)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(sizes.length, 4)
  let offset = header.length
  for (const [index, size] of sizes.entries()) {
    const at = 6 + index * 16
    // 256 is written as 0
    header.set([size % 256, size % 256], at)
    header.writeUInt16LE(1, at + 4)
    header.writeUInt16LE(32, at + 6)
    header.writeUInt32LE(pngs.get(size).length, at + 8)
    header.writeUInt32LE(offset, at + 12)
    offset += pngs.get(size).length
  }
  return Buffer.concat([header, ...sizes.map((size) => pngs.get(size))])
}

function icns(types) {
  const chunks = Object.entries(types).map(([type, size]) => chunk(type, pngs.get(size)))
  return chunk('icns', Buffer.concat(chunks))
}

function chunk(type, data) {
  const header = Buffer.alloc(8)
  header.write(type, 'latin1')
  header.writeUInt32BE(data.length + 8, 4)
  return Buffer.concat([header, data])
}

const folder = path.join(root, 'build', 'icons')
fs.mkdirSync(path.join(folder, 'png'), { recursive: true })
for (const [size, png] of pngs) {
  if (size <= 512) fs.writeFileSync(path.join(folder, 'png', `${size}x${size}.png`), png)
}
fs.writeFileSync(path.join(folder, 'icon.ico'), ico([16, 32, 48, 64, 128, 256]))
fs.writeFileSync(
  path.join(folder, 'icon.icns'),
  icns({ ic11: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512, ic10: 1024 }),
)
