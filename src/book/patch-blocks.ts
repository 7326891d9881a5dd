import type {Root} from 'mdast'
import {unwrapLines} from '../syntax/canonical-markdown.ts'
import {parseMarkdown} from '../syntax/parse-markdown.ts'
import {serialiseMarkdown} from '../syntax/serialise-markdown.ts'
import {resolveReferences} from './isolate-references.ts'
import {type LineEdit, lineEdits} from './line-edits.ts'

interface Block {
  /** As it is written. */
  readonly text: string
  /** In the form in which blocks are compared. */
  readonly form: string
  readonly isDefinition: boolean
}

/**
 * A text with the changes that lead from `before` to `after`, where `before` is that text but for the way it is written:
 * blocks that were not changed stay to the byte. Undefined where a change meets a block that `before` has otherwise.
 */
export function patchBlocks(text: string, before: string, after: string): string | undefined {
  const own = blocksOf(text)
  const [was, is] = [blocksOf(before), blocksOf(after)]
  const ownOf = sameBlocks(was, own)
  const made: string[] = []
  let from = 0
  for (const {start, end, lines, line} of blockEdits(was, is)) {
    const ownStart = start === 0 ? 0 : ownOf[start - 1]
    const ownEnd = end === was.length ? own.length - 1 : ownOf[end]
    if (ownStart === undefined || ownEnd === undefined) return undefined
    const first = start === 0 ? 0 : ownStart + 1
    const last = end === was.length ? own.length : ownEnd
    made.push(...own.slice(from, first).map((block) => block.text))
    made.push(...is.slice(line - 1, line - 1 + lines.length).map((block) => block.text))
    // Addresses of links stand in no place in the book; other blocks may need them.
    made.push(...own.slice(first, last).flatMap((block) => (block.isDefinition ? [block.text] : [])))
    from = last
  }
  made.push(...own.slice(from).map((block) => block.text))
  return made.join('\n\n')
}

function blocksOf(text: string): Block[] {
  const root: Root = parseMarkdown(text)
  const texts = new Map(root.children.map((node) => [node, text.slice(startOf(node, text), node.position?.end.offset)]))
  const definitions = root.children.filter(({type}) => type === 'definition')
  const blocks = [...root.children]
  resolveReferences(root)
  unwrapLines(root)
  return blocks.map((node) => ({
    text: texts.get(node) ?? '',
    form: serialiseMarkdown([node]),
    isDefinition: definitions.includes(node),
  }))
}

/** Where a block begins, indentation included, which tells code. */
function startOf(node: Root['children'][number], text: string): number {
  const start = node.position?.start.offset ?? 0
  return text.lastIndexOf('\n', start - 1) + 1
}

/** For each block, the index of the one that reads the same in the other text. */
function sameBlocks(blocks: readonly Block[], others: readonly Block[]): (number | undefined)[] {
  const found: (number | undefined)[] = []
  let at = 0
  let other = 0
  const end = {start: blocks.length, end: blocks.length, lines: [], line: 0}
  for (const edit of [...blockEdits(blocks, others), end]) {
    while (at < edit.start) found[at++] = other++
    at = edit.end
    other += edit.lines.length
  }
  return found
}

function blockEdits(before: readonly Block[], after: readonly Block[]): LineEdit[] {
  return lineEdits(
    before.map(({form}) => form),
    after.map(({form}) => form),
  )
}
