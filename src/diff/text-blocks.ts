import type {BlockContent, DefinitionContent, List, ListItem, PhrasingContent, RootContent, Table} from 'mdast'
import {unwrapLines} from '../syntax/canonical-markdown.ts'
import {isParserTrap} from '../syntax/is-parser-trap.ts'
import {readMarkdown} from '../syntax/parse-markdown.ts'
import {serialiseMarkdown} from '../syntax/serialise-markdown.ts'

/** What a block of a text is; a list is its items, a table its rows. */
export type BlockKind = 'heading' | 'paragraph' | 'item' | 'code' | 'row' | 'other'

/** A block of a Markdown text in the one form that texts are compared in. */
export interface TextBlock {
  readonly kind: BlockKind
  /** What stands before the text: indentation, marks of quotes, the marker of a heading or an item. */
  readonly prefix: string
  /** Markdown on one line; of code, its lines with the fences. */
  readonly text: string
  /** The cells of a row, the lines of code. */
  readonly parts?: readonly string[]
}

/**
 * The blocks of a Markdown text. Wrapping, white space, the padding and alignment of tables, the style of markers and the
 * numbers of a list leave no trace in them. A text that is nested beyond reading is taken as its paragraphs stand.
 */
export function readBlocks(markdown: string): TextBlock[] {
  if (isParserTrap(markdown)) return plainBlocks(markdown)
  try {
    return parsedBlocks(markdown)
  } catch (error) {
    // The parser and the serialiser recurse.
    if (error instanceof RangeError) return plainBlocks(markdown)
    throw error
  }
}

function plainBlocks(markdown: string): TextBlock[] {
  const paragraphs = markdown.split(/\n(?:[ \t]*\n)+/).filter((text) => text.trim() !== '')
  return paragraphs.map((text) => ({kind: 'other', prefix: '', text}))
}

function parsedBlocks(markdown: string): TextBlock[] {
  const root = readMarkdown(markdown)
  unwrapLines(root)
  const blocks: TextBlock[] = []
  for (const node of root.children) addBlock(node, '', '', blocks)
  return blocks
}

/** Adds a node's blocks; `first` stands before its first line, `rest` before what follows in the same container. */
function addBlock(node: RootContent, first: string, rest: string, blocks: TextBlock[]): void {
  switch (node.type) {
    case 'heading':
      blocks.push({kind: 'heading', prefix: `${first}${'#'.repeat(node.depth)} `, text: inlineText(node.children)})
      return
    case 'paragraph': {
      // Only what an item begins with bears its marker.
      const kind = first === rest ? 'paragraph' : 'item'
      blocks.push({kind, prefix: first, text: inlineText(node.children)})
      return
    }
    case 'code': {
      const fence = '`'.repeat(Math.max(3, ...[...node.value.matchAll(/`+/g)].map(([run]) => run.length + 1)))
      const info = [node.lang, node.meta].filter((part) => part !== null && part !== undefined).join(' ')
      const parts = [`${fence}${info}`, ...node.value.split('\n'), fence]
      blocks.push({kind: 'code', prefix: first, text: parts.join('\n'), parts})
      return
    }
    case 'list':
      addList(node, first, rest, blocks)
      return
    case 'table':
      addRows(node, first, blocks)
      return
    case 'blockquote':
      addChildren(node.children, `${first}> `, `${rest}> `, blocks)
      return
    default:
      blocks.push({kind: 'other', prefix: first, text: serialiseMarkdown([node]).trim()})
  }
}

function addChildren(
  children: readonly (BlockContent | DefinitionContent)[],
  first: string,
  rest: string,
  blocks: TextBlock[],
): void {
  children.forEach((child, at) => {
    addBlock(child, at === 0 ? first : rest, rest, blocks)
  })
}

function addList({ordered, children}: List, first: string, rest: string, blocks: TextBlock[]): void {
  children.forEach((item: ListItem, at) => {
    const box = item.checked === true ? '[x] ' : item.checked === false ? '[ ] ' : ''
    const marker = `${ordered === true ? '1. ' : '- '}${box}`
    const lead = at === 0 ? first : rest
    if (item.children.length === 0) blocks.push({kind: 'item', prefix: `${lead}${marker}`, text: ''})
    addChildren(item.children, `${lead}${marker}`, `${rest}  `, blocks)
  })
}

function addRows({children}: Table, first: string, blocks: TextBlock[]): void {
  for (const row of children) {
    const parts = row.children.map((cell) => inlineText(cell.children))
    blocks.push({kind: 'row', prefix: first, text: `| ${parts.join(' | ')} |`, parts})
  }
}

function inlineText(children: PhrasingContent[]): string {
  return children.length === 0 ? '' : serialiseMarkdown([{type: 'paragraph', children}])
}
