import type {PhrasingContent, Root} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import {eachNode} from '../syntax/each-node.ts'

/** Paragraphs and cells of a text, one line each, in which every bracketed number is a citation: not in code or a link. */
export function citedLines(root: Root): readonly string[] {
  const lines: string[] = []
  eachNode(root, (node, at) => {
    if (node.type === 'heading') return at + 1
    if (node.type !== 'paragraph' && node.type !== 'tableCell') return undefined
    lines.push(lineOf(node.children).replace(/\s+/g, ' ').trim())
    return at + 1
  })
  return lines
}

function lineOf(children: readonly PhrasingContent[]): string {
  return children
    .map((node) => {
      if (node.type === 'text') return node.value
      if (node.type === 'link' && node.url.startsWith('#source-')) return nodeText(node)
      if (node.type === 'emphasis' || node.type === 'strong' || node.type === 'delete') return lineOf(node.children)
      return node.type === 'break' ? ' ' : nodeText(node, {includeHtml: false}).replace(/[[\]]/g, ' ')
    })
    .join('')
}
