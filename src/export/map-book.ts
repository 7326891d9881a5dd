import type {BookBlock, BookListItem, BookPhrasing, QuizQuestion} from './book-nodes.ts'

/** Calls `visitor` for every block, a block before those in it, items and questions of lists and quizzes not among them. */
export function eachBlock(blocks: readonly BookBlock[], visitor: (block: BookBlock) => void): void {
  for (const block of blocks) {
    visitor(block)
    for (const children of innerBlocks(block)) eachBlock(children, visitor)
  }
}

/** The lists of blocks that a block holds, in their order. */
export function innerBlocks(block: BookBlock): (readonly BookBlock[])[] {
  switch (block.type) {
    case 'list':
      return block.children.map(({children}) => children)
    case 'blockquote':
    case 'callout':
    case 'details':
      return [block.children]
    case 'quiz':
      return [
        ...block.parts.flatMap((part) => (part.type === 'question' ? questionBlocks(part) : [[part]])),
        block.closing,
      ]
    default:
      return []
  }
}

function questionBlocks({prompt, options, explanation}: QuizQuestion): (readonly BookBlock[])[] {
  return [prompt, ...options.map(({children}) => children), explanation]
}

/** Calls `visitor` for every run of phrasing that a block itself holds: not those of the blocks in it. */
export function eachRun(block: BookBlock, visitor: (nodes: readonly BookPhrasing[]) => void): void {
  if (block.type === 'paragraph' || block.type === 'heading') visitor(block.children)
  else if (block.type === 'details') visitor(block.summary)
  else if (block.type === 'figure') visitor([block.image])
  else if (block.type === 'table') for (const row of [block.head, ...block.rows]) for (const cell of row) visitor(cell)
}

/** Calls `visitor` for every node of phrasing, a node before those in it. */
export function eachPhrasing(nodes: readonly BookPhrasing[], visitor: (node: BookPhrasing) => void): void {
  for (const node of nodes) {
    visitor(node)
    if ('children' in node) eachPhrasing(node.children, visitor)
  }
}

/** Changes a run of phrasing; `block` is the innermost block that holds it. */
export type ChangeRun = (nodes: readonly BookPhrasing[], block: BookBlock) => readonly BookPhrasing[]

/** The same blocks with every run of phrasing changed; quizzes and their contents included. */
export function mapRuns(blocks: readonly BookBlock[], change: ChangeRun): BookBlock[] {
  return blocks.map((block) => mapBlock(block, change))
}

function mapBlock(block: BookBlock, change: ChangeRun): BookBlock {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return {...block, children: change(block.children, block)}
    case 'list':
      return {
        ...block,
        children: block.children.map((item): BookListItem => ({...item, children: mapRuns(item.children, change)})),
      }
    case 'table': {
      const cells = (row: readonly (readonly BookPhrasing[])[]) => row.map((cell) => change(cell, block))
      return {...block, head: cells(block.head), rows: block.rows.map(cells)}
    }
    case 'details':
      return {...block, summary: change(block.summary, block), children: mapRuns(block.children, change)}
    case 'blockquote':
    case 'callout':
      return {...block, children: mapRuns(block.children, change)}
    case 'quiz':
      return {
        ...block,
        parts: block.parts.map((part) =>
          part.type === 'question' ? mapQuestion(part, change) : mapBlock(part, change),
        ),
        closing: mapRuns(block.closing, change),
      }
    default:
      return block
  }
}

function mapQuestion(question: QuizQuestion, change: ChangeRun): QuizQuestion {
  return {
    ...question,
    prompt: mapRuns(question.prompt, change),
    options: question.options.map((option) => ({...option, children: mapRuns(option.children, change)})),
    explanation: mapRuns(question.explanation, change),
  }
}
