import type {ListItem, Paragraph, Root, RootContent} from 'mdast'
import {visit} from 'unist-util-visit'

/** Moves all offsets of a tree by so many UTF-16 units. */
export function shiftOffsets(root: Root, by: number): void {
  if (by === 0) return
  visit(root, (node) => {
    if (node.position === undefined) return
    node.position.start.offset = (node.position.start.offset ?? 0) + by
    node.position.end.offset = (node.position.end.offset ?? 0) + by
  })
}

/** Offset at which a node begins. */
export function startOf(node: RootContent | ListItem | Paragraph): number {
  return node.position?.start.offset ?? 0
}

/** Offset behind a node. */
export function endOf(node: RootContent | ListItem | Paragraph): number {
  return node.position?.end.offset ?? 0
}
