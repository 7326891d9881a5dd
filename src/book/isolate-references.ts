import type {Definition, FootnoteDefinition, Root} from 'mdast'
import {SKIP, visit} from 'unist-util-visit'

/** Labels of footnotes that the book already holds, in the order of the outline. */
export class FootnoteLabels {
  private readonly taken: Set<string>

  constructor(taken: Iterable<string>) {
    this.taken = new Set(taken)
  }

  /** A label that nothing else has: `PREFIX-LABEL`, counted up where it is taken. */
  claim(prefix: string, label: string): string {
    const base = `${prefix}-${label}`.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') || 'note'
    let name = base
    for (let number = 2; this.taken.has(name); number++) name = `${base}-${number}`
    this.taken.add(name)
    return name
  }
}

/**
 * Makes links and footnotes of a completion its own (the book, B4): references to link definitions become links, and
 * footnotes get labels that no other text has. Changes `root`.
 */
export function isolateReferences(root: Root, prefix: string, labels: FootnoteLabels): void {
  const definitions = new Map<string, Definition>()
  const footnotes = new Map<string, FootnoteDefinition>()
  visit(root, (node) => {
    if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node)
    else if (node.type === 'footnoteDefinition' && !footnotes.has(node.identifier)) footnotes.set(node.identifier, node)
  })
  if (definitions.size === 0 && footnotes.size === 0) return
  const names = new Map([...footnotes.keys()].map((identifier) => [identifier, labels.claim(prefix, identifier)]))
  visit(root, (node, at, parent) => {
    if (parent === undefined || at === undefined) return
    switch (node.type) {
      case 'definition':
        parent.children.splice(at, 1)
        return [SKIP, at]
      case 'linkReference':
      case 'imageReference': {
        const definition = definitions.get(node.identifier)
        if (definition === undefined) return
        const target = {url: definition.url, title: definition.title ?? null}
        parent.children[at] =
          node.type === 'imageReference'
            ? {type: 'image', ...target, alt: node.alt ?? ''}
            : definition.url === ''
              ? {type: 'text', value: ''}
              : {type: 'link', ...target, children: node.children}
        if (definition.url === '' && node.type === 'linkReference') {
          parent.children.splice(at, 1, ...(node.children as typeof parent.children))
        }
        return [SKIP, at]
      }
      case 'footnoteDefinition':
      case 'footnoteReference': {
        const name = names.get(node.identifier)
        if (name !== undefined) {
          node.label = name
          node.identifier = name
        }
        return
      }
      default:
        return
    }
  })
}
