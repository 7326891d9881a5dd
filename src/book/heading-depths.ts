import type {Heading, Root, RootContent} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import {eachNode} from '../syntax/each-node.ts'
import type {Repair} from './repair.ts'

/**
 * Puts the shallowest headings at depth 1 and closes gaps, so that no depth is skipped and nesting stays. A repair where
 * a heading did not stand as it will in the book, with the shallowest at `wanted`; none where that is not known.
 */
export function closeDepthGaps(root: Root, wanted?: number): Repair[] {
  const above: number[] = []
  const changes = new Set<string>()
  const put = (heading: Heading, depths: number[], outer: number): void => {
    while ((depths.at(-1) ?? 0) >= heading.depth) depths.pop()
    depths.push(heading.depth)
    const depth = (outer + depths.length) as Heading['depth']
    const inBook = depth + (wanted ?? 1) - 1
    if (inBook !== heading.depth) changes.add(`${heading.depth}→${inBook}`)
    heading.depth = depth
  }
  for (const block of root.children) {
    if (block.type === 'heading') put(block, above, 0)
    else if ('children' in block) {
      // A heading in a quote or a list stands below the heading above it and over nothing outside.
      const inside: number[] = []
      eachNode(block, (node) => {
        if (node.type === 'heading') put(node, inside, above.length)
      })
    }
  }
  return wanted === undefined || changes.size === 0
    ? []
    : [{ruleId: 'shifted-headings', detail: [...changes].join(', ')}]
}

/** Takes headings out that have no text. */
export function dropEmptyHeadings(root: Root): Repair[] {
  const repairs: Repair[] = []
  eachNode(root, (node, at, parent) => {
    if (node.type !== 'heading' || nodeText(node).trim() !== '') return
    parent.children.splice(at, 1)
    repairs.push({ruleId: 'empty-heading', detail: `depth ${node.depth}`})
    return at
  })
  return repairs
}

/** Moves every heading down by `by`; what would be deeper than 6 becomes a bold paragraph, which is a repair. */
export function shiftHeadings(root: Root, by: number): Repair[] {
  const repairs: Repair[] = []
  eachNode(root, (heading, at, parent) => {
    if (heading.type !== 'heading') return
    const depth = heading.depth + by
    if (depth <= 6) heading.depth = depth as Heading['depth']
    else {
      parent.children[at] = boldParagraph(heading)
      repairs.push({ruleId: 'too-deep-heading', detail: `depth ${depth}: ${nodeText(heading).slice(0, 60)}`})
    }
  })
  return repairs
}

/** A heading's text as a paragraph of its own in bold. */
export function boldParagraph(heading: Heading): RootContent {
  const children = heading.children.flatMap((child) => (child.type === 'strong' ? child.children : [child]))
  return {type: 'paragraph', children: [{type: 'strong', children}]}
}
