import type {Root} from 'mdast'
import {canonicalMarkdown, unwrapLines} from '../syntax/canonical-markdown.ts'
import {eachNode} from '../syntax/each-node.ts'
import {parseMarkdown} from '../syntax/parse-markdown.ts'
import {serialiseMarkdown} from '../syntax/serialise-markdown.ts'
import {resolveReferences} from './isolate-references.ts'

/**
 * Whether two texts are the same to a reader of their source: equal in canonical form, blank lines between list items,
 * names of footnotes and the place of a link's address aside.
 */
export function isSameMarkdown(one: string, other: string): boolean {
  if (one === other) return true
  const [left, right] = [canonicalMarkdown(one), canonicalMarkdown(other)]
  return left === right || looseForm(left) === looseForm(right)
}

function looseForm(text: string): string {
  const root = parseMarkdown(canonicalMarkdown(text, {lists: 'tight'}))
  resolveReferences(root)
  numberFootnotes(root)
  unwrapLines(root)
  return serialiseMarkdown(root.children)
}

/** Names footnotes by the order of their definitions. */
function numberFootnotes(root: Root): void {
  const names = new Map<string, string>()
  eachNode(root, (node) => {
    if (node.type === 'footnoteDefinition' && !names.has(node.identifier))
      names.set(node.identifier, `${names.size + 1}`)
  })
  eachNode(root, (node) => {
    if (node.type !== 'footnoteDefinition' && node.type !== 'footnoteReference') return
    const name = names.get(node.identifier) ?? node.identifier
    node.label = name
    node.identifier = name
  })
}
