import type {Root} from 'mdast'
import {canonicalMarkdown, unwrapLines} from '../syntax/canonical-markdown.ts'
import {eachNode} from '../syntax/each-node.ts'
import {parseMarkdown} from '../syntax/parse-markdown.ts'
import {serialiseMarkdown} from '../syntax/serialise-markdown.ts'
import {resolveReferences} from './isolate-references.ts'
import {linkCitations} from './link-citations.ts'

/**
 * Whether two texts are the same to a reader of their source: equal in canonical form, blank lines between list items,
 * names of footnotes and the place of a link's address aside. A citation of one of `sources` is the same with its link to
 * the bibliography and without.
 */
export function isSameMarkdown(one: string, other: string, sources: ReadonlySet<number> = noSources): boolean {
  if (one === other) return true
  const [left, right] = [canonicalMarkdown(one), canonicalMarkdown(other)]
  return left === right || looseForm(left, sources) === looseForm(right, sources)
}

const noSources: ReadonlySet<number> = new Set()

function looseForm(text: string, sources: ReadonlySet<number>): string {
  const root = parseMarkdown(canonicalMarkdown(text, {lists: 'tight'}))
  resolveReferences(root)
  numberFootnotes(root)
  if (sources.size > 0) linkCitations(root, sources)
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
