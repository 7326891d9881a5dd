import type {List, ListItem, Paragraph, PhrasingContent, Root, RootContent} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import {eachNode} from '../syntax/each-node.ts'
import {loneBold} from './drop-repeated-title.ts'
import {boldParagraph} from './heading-depths.ts'

/** What becomes of a completion in a list item: blocks of that item, or items beside each other. */
export type ItemContent =
  | {readonly type: 'blocks'; readonly children: readonly RootContent[]}
  | {readonly type: 'items'; readonly items: readonly ListItem[]}

export interface ItemOptions {
  /** Whether the item holds nothing but the directive, so that several bullets may become sibling items. */
  readonly isAlone: boolean
  /** `keep` leaves headings headings. Default `bold`. */
  readonly headings?: 'bold' | 'keep'
}

/** Places a completion in a list item (the book, B3). Changes `root`. */
export function placeInItem(root: Root, options: ItemOptions): ItemContent {
  gatherUnderBullets(root)
  if (options.headings !== 'keep') leadWithTitle(root)
  const [only] = root.children
  if (root.children.length === 1 && only?.type === 'list' && !isNumbered(only)) {
    const [single] = only.children
    const isPlain = single !== undefined && typeof single.checked !== 'boolean'
    if (only.children.length === 1 && isPlain) return {type: 'blocks', children: single.children}
    if (options.isAlone) return {type: 'items', items: only.children}
  }
  return {type: 'blocks', children: root.children}
}

/** A block between or after top-level bullets belongs to the bullet before it. */
function gatherUnderBullets(root: Root): void {
  const gathered: RootContent[] = []
  let open: List | undefined
  for (const node of root.children) {
    if (node.type === 'list' && !isNumbered(node)) {
      if (open === undefined) {
        open = node
        gathered.push(node)
      } else open.children.push(...node.children)
    } else if (open === undefined || node.type === 'heading' || node.type === 'definition') {
      if (node.type === 'heading') open = undefined
      gathered.push(node)
    } else {
      const item = open.children.at(-1) as ListItem
      item.children.push(node as ListItem['children'][number])
      item.spread = true
    }
  }
  root.children = gathered
}

/** A first heading or lone bold line becomes the lead of the paragraph behind it; later headings become bold paragraphs. */
function leadWithTitle(root: Root): void {
  const [first, next] = root.children
  if (first !== undefined) {
    const title = first.type === 'heading' ? first.children : root.children.length > 1 ? loneBold(first) : undefined
    if (title !== undefined && next?.type === 'paragraph' && loneBold(next) === undefined) {
      next.children = [...lead(title), ...next.children]
      root.children.shift()
    } else if (first.type === 'heading') root.children[0] = boldParagraph(first)
  }
  eachNode(root, (node, at, parent) => {
    if (node.type === 'heading') parent.children[at] = boldParagraph(node) as Paragraph
  })
}

/** `**Title**: ` before a text; a title that ends in punctuation of its own gets no colon. */
function lead(title: readonly PhrasingContent[]): PhrasingContent[] {
  const children = title.flatMap((child) => (child.type === 'strong' ? child.children : [child]))
  const strong: PhrasingContent = {type: 'strong', children: trimColon(children)}
  return [strong, {type: 'text', value: /[.!?…]$/.test(nodeText(strong)) ? ' ' : ': '}]
}

function trimColon(children: PhrasingContent[]): PhrasingContent[] {
  const last = children.at(-1)
  if (last?.type !== 'text' || !/:\s*$/.test(last.value)) return children
  return [...children.slice(0, -1), {...last, value: last.value.replace(/:\s*$/, '')}]
}

function isNumbered(list: List): boolean {
  return list.ordered === true
}
