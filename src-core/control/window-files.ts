import fs from 'node:fs/promises'
import path from 'node:path'

export interface WindowFile {
  body: Buffer
  headers: Record<string, string>
}

/** A file of the window by the path of its address; undefined when it has none of that name. */
export type WindowFiles = (at: string) => Promise<WindowFile | undefined>

/**
 * The built window, read once when first asked for. An address is looked up among the names that were found and never
 * joined to a folder, so none leads out of it.
 */
export function createWindowFiles(folder: string): WindowFiles {
  let files: Promise<Map<string, WindowFile>> | undefined
  return async (at) => {
    files ??= readFiles(folder)
    return (await files).get(at === '/' ? '/index.html' : at)
  }
}

async function readFiles(folder: string): Promise<Map<string, WindowFile>> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && types[path.extname(entry.name)] !== undefined)
  return new Map(
    await Promise.all(
      files.map(async (entry): Promise<[string, WindowFile]> => {
        const file = path.join(entry.parentPath, entry.name)
        const name = `/${path.relative(folder, file).split(path.sep).join('/')}`
        return [name, { body: await fs.readFile(file), headers: headersOf(name) }]
      }),
    ),
  )
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Scripts, styles and calls of the window itself, and nothing from anywhere else. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

function headersOf(name: string): Record<string, string> {
  return {
    'content-type': types[path.extname(name)]!,
    // names of assets hold a hash of what is in them
    'cache-control': name.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store',
    'content-security-policy': policy,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}
