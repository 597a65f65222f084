import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'

const source = (name: string): string => fs.readFileSync(path.join(import.meta.dirname, name), 'utf8')
const [values, world, host] = ['values.js', 'world.js', 'preload-host.js'].map(source)

/** The isolated world's name, as Playwright and Electron know it. */
export const isolatedWorld = 'Electron Isolated Context'
export const binding = 'standinSend'

/** The same values on the main process' side: no function crosses between processes. */
export const ipcValues: { encode(value: unknown): unknown; decode(value: unknown): unknown } = vm.runInThisContext(
  `${values}\nstandinValues()`,
)

/** For the page's own world: links to other windows are asked about and never open by themselves. */
export function pageScript(token: string): string {
  return onTopOnly(`
    ${values}\n${world}
    const world = standinWorld('${token}', 'page', 'preload')
    const ask = (url) => world.open(new URL(url || 'about:blank', location.href).href)
    window.open = (url) => { ask(url); return null }
    window.addEventListener('click', (event) => {
      const link = event.composedPath().find((node) => node.tagName === 'A' && node.target === '_blank')
      if (!link) return
      event.preventDefault()
      ask(link.href)
    })`)
}

/** For the isolated world: Electron's side of it, then the preload script. */
export function preloadScript(token: string, preload: string): string {
  return onTopOnly(`
    ${values}\n${world}\n${host}
    const require = standinPreload(standinWorld('${token}', 'preload', 'page'), (text) => ${binding}(text))
    try {
      ;(function (exports, require, module) {${preload}\n})({}, require, { exports: {} })
    } catch (thrown) {
      console.error('Unable to load preload script: ' + thrown.stack)
    }`)
}

const onTopOnly = (code: string): string => `if (window === window.top) { ${code} }`
