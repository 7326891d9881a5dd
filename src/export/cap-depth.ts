import type {Nodes, Parents, PhrasingContent, Root, RootContent} from 'mdast'

/** Most lists and block quotes in each other; renderers fail at some twenty. */
const mostContainers = 10
/** Most emphasis and links in each other. */
const mostPhrasing = 12

const containers = new Set(['blockquote', 'list'])
const marks = new Set(['emphasis', 'strong', 'delete', 'link', 'linkReference'])

/**
 * Takes containers out that are nested too deep for any renderer; what they hold stays in its order. Never recurses, so
 * that no nesting is too deep for it. Changes `root`.
 */
export function capDepth(root: Root): void {
  const open: {readonly node: Parents; readonly blocks: number; readonly phrasing: number}[] = [
    {node: root, blocks: 0, phrasing: 0},
  ]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const {node, blocks, phrasing} = next
    const isDeepBlock = blocks >= mostContainers
    const isDeepPhrasing = phrasing >= mostPhrasing
    if (isDeepBlock || isDeepPhrasing) {
      const isTaken = (child: Nodes): boolean =>
        (isDeepBlock && containers.has(child.type)) || (isDeepPhrasing && marks.has(child.type))
      if (node.children.some(isTaken)) node.children = contentsOf(node, isTaken) as typeof node.children
    }
    for (const child of node.children) {
      if (!('children' in child)) continue
      open.push({
        node: child,
        blocks: blocks + (containers.has(child.type) ? 1 : 0),
        phrasing: phrasing + (marks.has(child.type) ? 1 : 0),
      })
    }
  }
}

/** Children of a node with those that are taken out replaced by what they hold, however deep. */
function contentsOf(node: Parents, isTaken: (child: Nodes) => boolean): (RootContent | PhrasingContent)[] {
  const kept: (RootContent | PhrasingContent)[] = []
  const open: Nodes[] = [...node.children].reverse()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const isHolder = isTaken(next) || (next.type === 'listItem' && node.type !== 'list')
    if (isHolder && 'children' in next) for (const child of [...next.children].reverse()) open.push(child)
    else kept.push(next as RootContent)
  }
  return kept
}
