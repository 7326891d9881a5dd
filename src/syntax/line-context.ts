import type {LineIndex} from './line-index.ts'

/** How Markdown reads a line, as far as it matters for finding tags. */
export type LineKind = 'blank' | 'code' | 'comment' | 'text'

interface Fence {
  readonly character: string
  readonly length: number
  /** Column at which the content of its list item begins; 0 outside lists. */
  readonly column: number
  readonly quotes: number
  readonly start: number
}

const htmlBlockNames =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul'
const htmlBlockStart = new RegExp(`^</?(?:${htmlBlockNames})(?:[\\s>]|/>|$)`, 'i')
const rawBlockStart = /^<(script|pre|style|textarea)(?:[\s>]|$)/i
const listMarker = /^([-+*]|\d{1,9}[.)])(?=[ \t]|$)/
const headingStart = /^#{1,6}(?:[ \t]|$)/
const thematicBreak = /^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/

/**
 * Follows fences, HTML comments, lists and indented code line by line, so that a scanner knows which lines are text.
 * One pass, constant state per open list item.
 */
export class LineContext {
  /** Open list items, outermost first: the columns at which their contents begin. */
  private items: number[] = []
  private fence: Fence | undefined
  private commentStart: number | undefined
  private rawBlockEnd: RegExp | undefined
  private isHtmlBlock = false
  private quotes = 0
  /** Whether the line before left a paragraph open. */
  isInParagraph = false
  /** Offset of the first line of the open paragraph. */
  paragraphStart = 0
  /** Whether the open paragraph stands in a list item or a block quote. */
  isParagraphInItem = false
  /** Of the line entered last: offset at which its content begins, markers of lists and quotes left out. */
  contentStart = 0
  /** Of the line entered last: its first column of content beyond its container's, 0 where it is not indented. */
  extraIndent = 0

  constructor(private readonly index: LineIndex) {}

  get openFence(): number | undefined {
    return this.fence?.start
  }

  get openComment(): number | undefined {
    return this.commentStart
  }

  /** Column at which the content of the innermost open list item begins; undefined outside lists. */
  get itemColumn(): number | undefined {
    return this.items.at(-1)
  }

  get isInHtmlBlock(): boolean {
    return this.isHtmlBlock || this.rawBlockEnd !== undefined
  }

  /** Whether a heading at the start of the line just entered would end every container. */
  get isAtTopLevel(): boolean {
    return this.items.length === 0 && this.quotes === 0 && !this.isInHtmlBlock
  }

  /** Reads the line number `line` and says what it is. */
  enter(line: number): LineKind {
    const {text} = this.index
    const lineStart = this.index.start(line)
    const lineEnd = this.index.end(line)
    if (this.commentStart !== undefined) return this.continueComment(lineStart, lineEnd)
    let [at, column] = skipSpace(text, lineStart, lineEnd, 0)
    if (this.rawBlockEnd !== undefined) {
      if (this.rawBlockEnd.test(text.slice(lineStart, lineEnd))) this.rawBlockEnd = undefined
      this.contentStart = at
      return 'text'
    }
    let quotes = 0
    while (text[at] === '>' && at < lineEnd) {
      quotes++
      ;[at, column] = skipSpace(text, at + 1, lineEnd, column + 1)
    }
    if (this.fence !== undefined) {
      const fence = this.fence
      const isBlank = at >= lineEnd
      const leaves = (!isBlank && column < fence.column) || quotes < fence.quotes
      if (!leaves) {
        if (isClosingFence(text.slice(at, lineEnd), fence) && column - fence.column < 4) this.fence = undefined
        return 'code'
      }
      this.fence = undefined
    }
    this.quotes = quotes
    this.contentStart = at
    if (at >= lineEnd) {
      this.isInParagraph = false
      this.isHtmlBlock = false
      return 'blank'
    }
    return this.enterContent(lineStart, at, column, lineEnd)
  }

  /** Tells that a directive was read up to the end of a later line: its paragraph goes on. */
  afterDirective(): void {
    this.isInParagraph = true
  }

  /** Tells that a comment was opened at `offset` and not closed on its line. */
  openCommentAt(offset: number): void {
    this.commentStart = offset
  }

  private continueComment(lineStart: number, lineEnd: number): LineKind {
    if (this.index.text.slice(lineStart, lineEnd).includes('-->')) this.commentStart = undefined
    this.isInParagraph = false
    return 'comment'
  }

  private enterContent(lineStart: number, from: number, fromColumn: number, lineEnd: number): LineKind {
    const {text} = this.index
    let at = from
    let column = fromColumn
    const startsBlock = isBlockStart(text.slice(at, lineEnd), this.isInParagraph)
    if (!this.isInParagraph || startsBlock) {
      while (this.items.length > 0 && column < (this.items.at(-1) as number)) this.items.pop()
    }
    let base = this.items.at(-1) ?? 0
    if (column - base >= 4 && this.items.length === 0 && !this.isInParagraph) return 'code'
    let isItemStart = false
    // List markers, also several on one line: `* * text`.
    while (column - base < 4 && !thematicBreak.test(text.slice(at, lineEnd))) {
      const marker = listMarker.exec(text.slice(at, Math.min(lineEnd, at + 12)))
      if (
        marker === null ||
        (this.isInParagraph && !isItemStart && !canInterrupt(text.slice(at, lineEnd), this.items.length > 0))
      )
        break
      const width = (marker[0] as string).length
      const [next, nextColumn] = skipSpace(text, at + width, lineEnd, column + width)
      const gap = nextColumn - column - width
      base = next >= lineEnd || gap > 4 ? column + width + 1 : nextColumn
      this.items.push(base)
      this.isInParagraph = false
      isItemStart = true
      at = next
      column = nextColumn
      if (at >= lineEnd) break
    }
    this.contentStart = at
    this.extraIndent = Math.max(0, column - base)
    const content = text.slice(at, lineEnd)
    if (content === '') {
      this.isInParagraph = false
      return 'text'
    }
    const fence = column - base < 4 ? openingFence(content) : undefined
    if (fence !== undefined) {
      this.fence = {...fence, column: this.items.at(-1) ?? 0, quotes: this.quotes, start: at}
      this.isInParagraph = false
      return 'code'
    }
    this.noteHtmlBlock(content)
    const endsParagraph = headingStart.test(content) || thematicBreak.test(content)
    if (endsParagraph) this.isInParagraph = false
    else if (!this.isInParagraph) {
      this.isInParagraph = !this.isInHtmlBlock
      this.paragraphStart = lineStart
      this.isParagraphInItem = this.items.length > 0 || this.quotes > 0
    }
    return 'text'
  }

  private noteHtmlBlock(content: string): void {
    if (this.isInHtmlBlock || content[0] !== '<') return
    const raw = rawBlockStart.exec(content)
    if (raw !== null) {
      const end = /<\/(?:script|pre|style|textarea)>/i
      if (!end.test(content)) this.rawBlockEnd = end
    } else if (htmlBlockStart.test(content)) {
      this.isHtmlBlock = true
      this.isInParagraph = false
    }
  }
}

/** Whether a line, its leading white space off, begins a block that ends a paragraph before it. */
export function isBlockStart(content: string, isInParagraph: boolean): boolean {
  return (
    headingStart.test(content) ||
    thematicBreak.test(content) ||
    openingFence(content) !== undefined ||
    content[0] === '>' ||
    htmlBlockStart.test(content) ||
    (listMarker.test(content) && (!isInParagraph || canInterrupt(content, true)))
  )
}

export function isHeadingLine(content: string): boolean {
  return headingStart.test(content)
}

/** Whether a list item that starts so may interrupt a paragraph: it has content, and outside lists its number is 1. */
function canInterrupt(content: string, isInList: boolean): boolean {
  const marker = listMarker.exec(content)?.[0]
  if (marker === undefined || content.slice(marker.length).trim() === '') return false
  return isInList || !/^\d/.test(marker) || /^0*1[.)]$/.test(marker)
}

function openingFence(content: string): {character: string; length: number} | undefined {
  const run = /^(`{3,}|~{3,})([^]*)$/.exec(content)
  if (run === null) return undefined
  const marks = run[1] as string
  if (marks[0] === '`' && (run[2] as string).includes('`')) return undefined
  return {character: marks[0] as string, length: marks.length}
}

function isClosingFence(content: string, fence: Fence): boolean {
  const run = /^(`{3,}|~{3,})[ \t]*$/.exec(content)?.[1]
  return run !== undefined && run[0] === fence.character && run.length >= fence.length
}

/** Skips spaces and tabs from `offset`; gives the offset and the column reached. */
function skipSpace(text: string, offset: number, end: number, column: number): [number, number] {
  let at = offset
  let reached = column
  for (; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === 32) reached++
    else if (code === 9) reached += 4 - (reached % 4)
    else break
  }
  return [at, reached]
}
