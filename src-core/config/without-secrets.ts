import { type Document, isNode, isPair, isScalar, type Pair, visit } from 'yaml'
import { isSecretName, redactionMark } from '../model/redact.ts'

const reference = /^(?:keychain|env|file):/

/**
 * Takes out of a document what nobody else should read, comments included: a literal where a reference belongs, the
 * values of headers, and whatever `redact` finds. References stay: they say where a secret is, not what it is. Returns
 * how many values are hidden.
 */
export function withoutSecrets(document: Document, redact: (text: string) => string): number {
  let hidden = 0
  const clean = (comment: string | null | undefined) => (comment ? redact(comment) : comment)
  document.comment = clean(document.comment) ?? null
  document.commentBefore = clean(document.commentBefore) ?? null
  visit(document, {
    Node(role, node, ancestors) {
      node.comment = clean(node.comment)
      node.commentBefore = clean(node.commentBefore)
      if (!isScalar(node) || typeof node.value === 'boolean' || node.value === null) return
      const text = String(node.value)
      const isName = role === 'key'
      if (!isName && reference.test(text)) return
      const shown = !isName && standsInSecretPlace(ancestors) ? redactionMark : redact(text)
      if (shown === text) return
      hidden += 1
      node.value = shown
    },
  })
  return hidden
}

/** The value of `apiKey:` and the like, or anything below `headers:`. */
function standsInSecretPlace(ancestors: readonly unknown[]): boolean {
  const pairs = ancestors.filter((each): each is Pair => isPair(each))
  const name = (pair: Pair | undefined) => (pair && isNode(pair.key) ? String(pair.key) : '')
  return isSecretName(name(pairs.at(-1))) || name(pairs.at(-2)).toLowerCase() === 'headers'
}
