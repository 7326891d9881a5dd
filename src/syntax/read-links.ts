import type {Root} from 'mdast'
import type {Position} from 'unist'
import {eachNode} from './each-node.ts'

/** A destination in a text. */
export interface MarkdownLink {
  readonly url: string
  readonly isImage: boolean
  /** Of the link, or of its block where the parser gives it none; undefined in a tree without places. */
  readonly place: Position | undefined
}

/** Where a text leads and what leads to it. */
export interface LinksOfText {
  readonly links: readonly MarkdownLink[]
  /** Values of `id` and `name` in its HTML. */
  readonly anchors: readonly string[]
}

const attribute = /\b(src|href|id|name)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi

/** All links and images of a tree, in its order: written in place, defined for references, or in HTML. */
export function readLinks(root: Root): LinksOfText {
  const links: MarkdownLink[] = []
  const anchors: string[] = []
  eachNode(root, (node, _, parent) => {
    // Addresses that stand bare in a text become links without a place.
    const place = node.position ?? parent.position
    if (node.type === 'link' || node.type === 'definition') links.push({url: node.url, isImage: false, place})
    else if (node.type === 'image') links.push({url: node.url, isImage: true, place})
    else if (node.type === 'html') {
      for (const [, name = '', quoted, single] of node.value.matchAll(attribute)) {
        const value = quoted ?? single ?? ''
        if (/^(?:id|name)$/i.test(name)) anchors.push(value)
        else links.push({url: value, isImage: name.toLowerCase() === 'src', place})
      }
    }
  })
  return {links, anchors}
}
