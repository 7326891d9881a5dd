import type {Nodes, Root} from 'mdast'
import {eachNode} from './each-node.ts'

/** A destination in a text, with the node that holds it. */
export interface MarkdownLink {
  readonly url: string
  readonly isImage: boolean
  readonly node: Nodes
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
  eachNode(root, (node) => {
    if (node.type === 'link' || node.type === 'definition') links.push({url: node.url, isImage: false, node})
    else if (node.type === 'image') links.push({url: node.url, isImage: true, node})
    else if (node.type === 'html') {
      for (const [, name = '', quoted, single] of node.value.matchAll(attribute)) {
        const value = quoted ?? single ?? ''
        if (/^(?:id|name)$/i.test(name)) anchors.push(value)
        else links.push({url: value, isImage: name.toLowerCase() === 'src', node})
      }
    }
  })
  return {links, anchors}
}
