import type {Html, List, Paragraph, RootContent} from 'mdast'
import type {BookBlock, BookHeading, BookList, BookListItem, BookPhrasing} from './book-nodes.ts'
import type {Conversion} from './conversion.ts'
import {convertCode} from './convert-code.ts'
import {convertPhrasing} from './convert-phrasing.ts'
import {convertTable} from './convert-table.ts'
import {DetailsStack} from './details-stack.ts'
import {phrasingText} from './plain-text.ts'
import {readCallout} from './read-callout.ts'

/** Blocks of Markdown as a book's. Definitions and front matter give none, and no HTML is left. */
export function convertBlocks(nodes: readonly RootContent[], conversion: Conversion): BookBlock[] {
  const stack = new DetailsStack(conversion)
  for (const node of nodes) {
    if (node.type === 'html') stack.takeHtml((node as Html).value, node.position?.start.line)
    else for (const block of convertBlock(node, conversion, stack.last)) stack.add(block)
  }
  return stack.close()
}

function convertBlock(node: RootContent, conversion: Conversion, before: BookBlock | undefined): BookBlock[] {
  const line = node.position?.start.line
  const placed = line === undefined ? {} : {line}
  switch (node.type) {
    case 'heading': {
      const facts = conversion.headings.get(node)
      if (facts === undefined) return []
      const {depth, id, title} = facts
      conversion.headingTitle = title
      return [
        {type: 'heading', depth, id, title, children: convertPhrasing(node.children, conversion, line), ...placed},
      ]
    }
    case 'paragraph':
      return convertParagraph(node, conversion)
    case 'list':
      return [convertList(node, conversion)]
    case 'blockquote': {
      const children = convertBlocks(node.children, conversion)
      return [readCallout(children, line) ?? {type: 'blockquote', children, ...placed}]
    }
    case 'code':
      return [convertCode(node)]
    case 'table':
      return [convertTable(node, conversion, boldLine(before) ?? conversion.headingTitle)]
    case 'thematicBreak':
      return [{type: 'thematicBreak', ...placed}]
    default:
      // Definitions, footnotes and front matter are read elsewhere.
      return []
  }
}

function convertParagraph(node: Paragraph, conversion: Conversion): BookBlock[] {
  const line = node.position?.start.line
  const placed = line === undefined ? {} : {line}
  const children = convertPhrasing(node.children, conversion, line)
  if (children.length === 0) return []
  if (children.every((child) => isPlace(child))) {
    // Lines of nothing but anchors are no words that stand apart.
    const places = children.filter(({type}) => type === 'anchor')
    return places.length === 0 ? [] : [{type: 'paragraph', children: places, ...placed}]
  }
  const [only] = children
  if (children.length === 1 && only?.type === 'image') return [{type: 'figure', image: only, ...placed}]
  return [{type: 'paragraph', children, ...placed}]
}

function convertList(node: List, conversion: Conversion): BookList {
  const line = node.position?.start.line
  const items = node.children.map((item): BookListItem => {
    const itemLine = item.position?.start.line
    return {
      type: 'listItem',
      ...(typeof item.checked === 'boolean' ? {checked: item.checked} : {}),
      children: convertBlocks(item.children, conversion),
      ...(itemLine === undefined ? {} : {line: itemLine}),
    }
  })
  return {
    type: 'list',
    isOrdered: node.ordered === true,
    start: node.ordered === true ? (node.start ?? 1) : 1,
    isLoose: node.spread === true || node.children.some(({spread}) => spread === true),
    children: items,
    ...(line === undefined ? {} : {line}),
  }
}

function isPlace(node: BookPhrasing): boolean {
  return node.type === 'anchor' || (node.type === 'text' && node.value.trim() === '')
}

/** Text of a paragraph that is bold as a whole, as captions are. */
function boldLine(block: BookBlock | undefined): string | undefined {
  if (block?.type !== 'paragraph' || block.children.length !== 1) return undefined
  const [only] = block.children as readonly BookPhrasing[]
  return only?.type === 'strong' ? phrasingText(only.children).replace(/[:.]$/, '').trim() : undefined
}

/** The heading of a chapter as a node of its own. */
export function convertHeading(node: Extract<RootContent, {type: 'heading'}>, conversion: Conversion): BookHeading {
  const [heading] = convertBlock(node, conversion, undefined)
  return heading as BookHeading
}
