import type {Definition, Root} from 'mdast'
import {eachNode} from '../syntax/each-node.ts'

/** Labels of footnotes that the book already holds, in the order of the outline. */
export class FootnoteLabels {
  private readonly taken: Set<string>

  constructor(taken: Iterable<string>) {
    this.taken = new Set(taken)
  }

  /** A label that nothing else has: `PREFIX-LABEL`, counted up where it is taken. */
  claim(prefix: string, label: string): string {
    const plain = `${prefix}-${label}`.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')
    const base = plain.replace(/^-+|-+$/g, '') || 'note'
    let name = base
    for (let number = 2; this.taken.has(name); number++) name = `${base}-${number}`
    this.taken.add(name)
    return name
  }
}

/** Makes links and footnotes of a completion its own (the book, B4), so that they never meet those of another text. */
export function isolateReferences(root: Root, prefix: string, labels: FootnoteLabels): void {
  resolveReferences(root)
  const names = new Map<string, string>()
  eachNode(root, (node) => {
    if (node.type !== 'footnoteDefinition' || names.has(node.identifier)) return
    names.set(node.identifier, labels.claim(prefix, node.identifier))
  })
  if (names.size === 0) return
  eachNode(root, (node) => {
    if (node.type !== 'footnoteDefinition' && node.type !== 'footnoteReference') return
    const name = names.get(node.identifier)
    if (name === undefined) return
    node.label = name
    node.identifier = name
  })
}

/** Makes references to link definitions links of their own and takes the definitions out. */
export function resolveReferences(root: Root): void {
  const definitions = new Map<string, Definition>()
  eachNode(root, (node) => {
    if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node)
  })
  if (definitions.size === 0) return
  eachNode(root, (node, at, parent) => {
    if (node.type === 'definition') {
      parent.children.splice(at, 1)
      return at
    }
    if (node.type !== 'linkReference' && node.type !== 'imageReference') return
    const definition = definitions.get(node.identifier)
    if (definition === undefined) return
    const target = {url: definition.url, title: definition.title ?? null}
    parent.children[at] =
      node.type === 'imageReference'
        ? {type: 'image', ...target, alt: node.alt ?? ''}
        : {type: 'link', ...target, children: node.children}
    return
  })
}
