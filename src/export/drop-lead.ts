import type {BookPhrasing} from './book-nodes.ts'
import {phrasingText} from './plain-text.ts'

/** Phrasing without its first characters of plain text; marks around nothing go with them. */
export function dropLead(nodes: readonly BookPhrasing[], count: number): BookPhrasing[] {
  const kept: BookPhrasing[] = []
  let left = count
  for (const node of nodes) {
    if (left <= 0) {
      kept.push(node)
      continue
    }
    const length = phrasingText([node]).length
    // What shows no text, such as an anchor, stays.
    if (length === 0) kept.push(node)
    else if (length > left) kept.push(shortened(node, left))
    left -= length
  }
  return kept
}

function shortened(node: BookPhrasing, count: number): BookPhrasing {
  if ('children' in node) return {...node, children: dropLead(node.children, count)}
  return node.type === 'text' ? {type: 'text', value: node.value.slice(count)} : node
}
