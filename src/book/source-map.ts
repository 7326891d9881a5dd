import type {JobId} from '../model/job.ts'
import type {Outline} from '../model/outline.ts'
import {LineIndex} from '../syntax/line-index.ts'
import {alignSectionLines} from './align-section-lines.ts'
import type {AssembledBook, KeptStretch} from './assemble-book.ts'
import type {SectionText} from './section-form.ts'

/**
 * Where a line of the book comes from. Lines are counted from 1: of the outline, and of the directive's text as it
 * stands in the section file below its front matter. `between` is what keeps texts apart: a blank line or a separator.
 */
export type LineOrigin =
  | {readonly type: 'outline'; readonly line: number}
  | {readonly type: 'directive'; readonly id: JobId; readonly line: number}
  | {readonly type: 'between'}
  /** The bibliography at the end; without a number its heading. */
  | {readonly type: 'bibliography'; readonly number?: number}

/** By directive, what was mended in its text, as the record has it. */
export type NotedRepairs = ReadonlyMap<JobId, readonly {readonly ruleId: string; readonly detail: string}[]>

/** Where every line of a book comes from, and what was mended in the texts that stand there. */
export interface SourceMap {
  /** By the book's lines: the first one's origin stands at index 0. */
  readonly lines: readonly LineOrigin[]
  readonly repairs: NotedRepairs
}

const between: LineOrigin = {type: 'between'}

/**
 * The source map of a book that was put together of an outline and texts, which are those it was put together of. Each
 * line has one origin; a line that holds both the author's label and a text is the text's.
 */
export function mapSources(
  outline: Pick<Outline, 'source'>,
  texts: readonly SectionText[],
  book: AssembledBook,
  repairs: NotedRepairs = new Map(),
): SourceMap {
  const bookLines = book.markdown.split('\n')
  // The line end behind the last line begins no further one.
  const count = bookLines.length - 1
  const index = new LineIndex(outline.source)
  const lines: LineOrigin[] = []
  const mapKept = (stretch: KeptStretch | undefined, end: number): void => {
    if (lines.length >= end) return
    const outlineLines = outlineLinesOf(stretch, index)
    const {bookLine = end + 1, textLine = 0} = stretch?.place ?? {}
    while (lines.length < end) {
      const at = lines.length
      const isBlank = bookLines[at]?.trim() === ''
      // A marker may have been parted from the paragraph above it by a blank line.
      const moved = isBlank ? undefined : outlineLines.at(-1)
      const line = at + 1 < bookLine ? undefined : (outlineLines[textLine + at + 1 - bookLine] ?? moved)
      const isPutIn = line === undefined || (isBlank && index.line(line - 1).trim() !== '')
      lines.push(isPutIn ? between : {type: 'outline', line})
    }
  }
  texts.forEach(({id, text}, number) => {
    const span = book.lines.get(id)
    if (span === undefined) return
    // A text of which nothing is seen takes up no line.
    const isEmpty = text.trim() === '' || (span.start === span.end && bookLines[span.start - 1]?.trim() === '')
    mapKept(book.kept[number], isEmpty ? span.start : span.start - 1)
    if (isEmpty) return
    const placed = bookLines.slice(lines.length, span.end)
    for (const line of alignSectionLines(text, placed)) lines.push({type: 'directive', id, line})
  })
  const {bibliography} = book
  if (bibliography === undefined) mapKept(book.kept.at(-1), count)
  else {
    mapKept(book.kept.at(-1), bibliography.line - 1)
    lines.push({type: 'bibliography'}, between)
    for (const number of bibliography.numbers) lines.push({type: 'bibliography', number})
  }
  return {lines: lines.slice(0, count), repairs}
}

/** By line of a kept text, the outline's line that it is; undefined where an edit put it in. */
function outlineLinesOf(stretch: KeptStretch | undefined, index: LineIndex): (number | undefined)[] {
  const found: (number | undefined)[] = [undefined]
  for (const {text, offset} of stretch?.pieces ?? []) {
    let at = offset
    const add = (length: number): void => {
      const last = found.length - 1
      if (at !== undefined && length > 0) found[last] ??= index.lineAt(at) + 1
      if (at !== undefined) at += length
    }
    let from = 0
    for (const match of text.matchAll(/\r\n?|\n/g)) {
      const end = match.index + match[0].length
      add(end - from)
      from = end
      found.push(undefined)
    }
    add(text.length - from)
  }
  return found
}
