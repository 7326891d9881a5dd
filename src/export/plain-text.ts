import type {BookBlock, BookListItem, BookPhrasing, QuizQuestion} from './book-nodes.ts'

/** Plain text of phrasing; a line break is a space, an image its alternative text, a footnote's call nothing. */
export function phrasingText(nodes: readonly BookPhrasing[]): string {
  return nodes
    .map((node) => {
      if ('value' in node) return node.value
      if ('children' in node) return phrasingText(node.children)
      return node.type === 'break' ? ' ' : node.type === 'image' ? node.alt : ''
    })
    .join('')
}

/** Plain text of blocks, a line each. */
export function blockText(blocks: readonly (BookBlock | BookListItem)[]): string {
  return blocks.map(textOf).join('\n')
}

function textOf(block: BookBlock | BookListItem): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return phrasingText(block.children)
    case 'code':
    case 'math':
      return block.value
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(phrasingText).join('\t')).join('\n')
    case 'figure':
      return block.image.alt
    case 'thematicBreak':
      return ''
    case 'details':
      return [phrasingText(block.summary), blockText(block.children)].join('\n')
    case 'callout':
      return [block.title ?? '', blockText(block.children)].join('\n')
    case 'quiz':
      return [
        ...block.parts.map((part) => (part.type === 'question' ? questionText(part) : textOf(part))),
        blockText(block.closing),
      ].join('\n')
    default:
      return blockText(block.children)
  }
}

function questionText({prompt, options, explanation}: QuizQuestion): string {
  return [blockText(prompt), ...options.map(({children}) => blockText(children)), blockText(explanation)].join('\n')
}
