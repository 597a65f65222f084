import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, type Node, YAMLMap } from 'yaml'
import { formatPath, type Path } from './problem.ts'

/** One step of an edit: a value put at a path, what stands there taken out, or moved to another place of its list. */
export type Change = { path: Path; value: unknown } | { path: Path; to: number } | { path: Path }

/** What cannot be changed by a path, in words for the person who wrote the file. */
export class ChangeError extends Error {
  override name = 'ChangeError'
  path: string

  constructor(path: Path, words: string) {
    super(words)
    this.path = formatPath(path)
  }
}

/** Changes the document in place; everything beside the paths, comments included, stays as it was. */
export function changeDocument(document: Document, changes: readonly Change[]): void {
  for (const change of changes) {
    const { path } = change
    if (path.length === 0) throw new ChangeError(path, 'A change needs a path.')
    if ('to' in change) move(document, path, change.to)
    else if ('value' in change) put(document, path, change.value)
    else take(document, path)
  }
}

function put(document: Document, path: Path, value: unknown): void {
  for (let depth = 0; depth < path.length; depth++) {
    const at = path.slice(0, depth)
    const node = depth === 0 ? document.contents : document.getIn(at, true)
    refuseAlias(node, at)
    // `models:` with nothing after it is a place for models
    if (node === null || node === undefined || (isScalar(node) && node.value === null)) {
      const map = new YAMLMap(document.schema)
      if (depth === 0) document.contents = map as typeof document.contents
      else document.setIn(at, map)
    } else if (!isCollection(node)) {
      throw new ChangeError(at, `${formatPath(at)} is not something with parts: change it in the file.`)
    }
  }
  const before = document.getIn(path, true)
  refuseAlias(before, path)
  // a scalar keeps the comment behind it
  if (isScalar(before) && (typeof value !== 'object' || value === null)) before.value = value
  else document.setIn(path, inStyleOf(before, document.createNode(value)))
}

/** `{ … }` on one line stays on one line. */
function inStyleOf(before: unknown, node: Node): Node {
  if (isCollection(before) && isCollection(node)) {
    node.flow = before.flow
    node.comment = before.comment
    node.commentBefore = before.commentBefore
  }
  return node
}

function take(document: Document, path: Path): void {
  refuseAlias(document.getIn(path.slice(0, -1), true), path.slice(0, -1))
  if (document.hasIn(path)) document.deleteIn(path)
}

function move(document: Document, path: Path, to: number): void {
  const within = path.slice(0, -1)
  const collection = document.getIn(within, true)
  refuseAlias(collection, within)
  const last = path.at(-1)!
  const from = isMap(collection)
    ? collection.items.findIndex(({ key }) => String(isScalar(key) ? key.value : key) === String(last))
    : isSeq(collection) && typeof last === 'number'
      ? last
      : -1
  if (!isCollection(collection) || from < 0 || from >= collection.items.length) {
    throw new ChangeError(path, `There is no ${formatPath(path)} to move.`)
  }
  const [item] = collection.items.splice(from, 1)
  collection.items.splice(Math.max(0, Math.min(to, collection.items.length)), 0, item as never)
}

function refuseAlias(node: unknown, path: Path): void {
  if (!isAlias(node)) return
  throw new ChangeError(path, `${formatPath(path)} is written as a reference to another part: change it in the file.`)
}
