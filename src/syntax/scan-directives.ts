import {closingRunLength, openingRunStart, stripClosers} from './delimiters.ts'
import {readExtent} from './directive-extent.ts'
import {InlineScanner} from './inline-scanner.ts'
import {isHeadingLine, LineContext} from './line-context.ts'
import type {LineIndex} from './line-index.ts'
import type {Scan, ScannedDirective, SourceSpan, UnderlineBreak} from './outline-scan.ts'
import {lookalikePattern, scanTags, type Tag} from './tag-scanner.ts'

/** Finds the directives of an outline in one pass, without parsing its Markdown; `from` skips the front matter. */
export function scanDirectives(index: LineIndex, tagNames: readonly string[], from: number): Scan {
  return new DirectiveScanner(index, tagNames, from).scan()
}

class DirectiveScanner {
  private readonly text: string
  private readonly tags: readonly Tag[]
  private readonly context: LineContext
  private readonly inline: InlineScanner
  private readonly hasLookalikes: boolean
  private readonly directives: ScannedDirective[] = []
  private readonly strayTags: Tag[] = []
  private readonly lookalikes: SourceSpan[] = []
  private readonly breaks: UnderlineBreak[] = []
  private readonly doubledMarks: SourceSpan[] = []
  private readonly cuts: number[] = []
  private nextTag = 0
  private hiddenTags = 0
  private line: number

  constructor(
    private readonly index: LineIndex,
    tagNames: readonly string[],
    from: number,
  ) {
    this.text = index.text
    this.tags = scanTags(this.text, tagNames)
    this.context = new LineContext(index)
    this.inline = new InlineScanner(this.text)
    this.hasLookalikes = lookalikePattern.test(this.text)
    lookalikePattern.lastIndex = 0
    this.line = index.lineAt(from)
    this.skipTagsBefore(from)
  }

  scan(): Scan {
    while (this.line < this.index.count) {
      this.scanLine()
      this.line++
    }
    const hides = this.hiddenTags > 0
    const {openFence, openComment} = this.context
    return {
      directives: this.directives,
      strayTags: this.strayTags,
      lookalikes: this.lookalikes,
      breaks: this.breaks,
      doubledMarks: this.doubledMarks,
      cuts: this.cuts,
      ...(hides && openFence !== undefined ? {unclosedFence: openFence} : {}),
      ...(hides && openComment !== undefined ? {unclosedComment: openComment} : {}),
    }
  }

  private scanLine(): void {
    const {context, index, text} = this
    const lineStart = index.start(this.line)
    const lineEnd = index.end(this.line)
    const wasInParagraph = context.isInParagraph
    const {paragraphStart, isParagraphInItem} = context
    const kind = context.enter(this.line)
    if (kind !== 'text') {
      this.hideTags(lineEnd)
      return
    }
    if (context.openFence === undefined && context.openComment === undefined) this.hiddenTags = 0
    const content = text.slice(context.contentStart, lineEnd)
    if (isHeadingLine(content) && context.isAtTopLevel) this.enterHeading(lineStart, content)
    else if (wasInParagraph && !isParagraphInItem && /^-{3,}[ \t]*$/.test(content) && context.isAtTopLevel) {
      const isAside = this.isAsideParagraph(paragraphStart)
      const endsDirective = (this.directives.at(-1)?.end ?? -1) > paragraphStart
      if (isAside || endsDirective) this.breaks.push({start: lineStart, end: lineEnd, isAccidental: isAside})
    }
    this.inline.enterParagraph(context.isInParagraph ? context.paragraphStart : context.contentStart)
    this.scanTagsOfLine(lineEnd)
    this.noteComment(lineEnd)
    if (this.hasLookalikes) this.noteLookalikes(lineStart, lineEnd)
  }

  private enterHeading(lineStart: number, content: string): void {
    this.cuts.push(lineStart)
    const doubled = /^#{1,6}[ \t]+(#{1,6}[ \t]+)(?=[^\s#])/.exec(content)
    if (doubled === null) return
    const start = this.context.contentStart + (doubled[0].length - (doubled[1] as string).length)
    this.doubledMarks.push({start, end: start + (doubled[1] as string).length})
  }

  /** Whether the paragraph is one that nobody means as a heading: bold or in parentheses. */
  private isAsideParagraph(start: number): boolean {
    const head = this.text.slice(start, start + 80).trimStart()
    return /^(?:\*\*|__|\()/.test(head)
  }

  private scanTagsOfLine(firstLineEnd: number): void {
    let lineEnd = firstLineEnd
    for (;;) {
      const tag = this.tags[this.nextTag]
      if (tag === undefined || tag.start >= lineEnd) return
      if (this.inline.isHidden(tag)) {
        this.nextTag++
        continue
      }
      if (tag.type === 'close') {
        this.strayTags.push(tag)
        this.nextTag++
        this.inline.moveTo(tag.end)
        continue
      }
      const directive = this.readDirective(tag)
      this.directives.push(directive)
      this.skipTagsBefore(directive.end)
      this.inline.moveTo(directive.end)
      const lastLine = this.index.lineAt(Math.max(directive.end - 1, directive.start))
      if (lastLine !== this.line) this.line = lastLine
      this.context.afterDirective()
      lineEnd = this.index.end(this.line)
    }
  }

  private readDirective(tag: Tag): ScannedDirective {
    const {context, text} = this
    const floor = Math.max(this.inline.position, this.index.start(this.line))
    const start = openingRunStart(text, tag.start, floor)
    const opening = text.slice(start, tag.start)
    const isFirstOnLine = text.slice(this.index.start(this.line), start).trim() === ''
    const shared = {
      tag,
      start,
      opening,
      valueStart: tag.end,
      extraIndent: isFirstOnLine ? context.extraIndent : 0,
      ...(context.itemColumn === undefined ? {} : {itemColumn: context.itemColumn}),
    }
    const {close, nextOpen} = this.findClose(tag, opening)
    if (close !== undefined) return {...shared, ...this.readClosed(tag, close, opening)}
    const extent = readExtent(this.index, tag, opening, nextOpen)
    if (nextOpen !== undefined && !extent.isDelimited) {
      const outerClose = this.findOuterClose(nextOpen)
      if (outerClose !== undefined) {
        return {...shared, ...this.readClosed(tag, outerClose, opening), nested: nextOpen}
      }
    }
    const {valueEnd, closer} = stripClosers(text, tag.end, extent.end, opening)
    return {...shared, form: 'unclosed', valueEnd, end: valueEnd + closer.length, closing: closer}
  }

  private readClosed(
    tag: Tag,
    close: Tag,
    opening: string,
  ): Pick<ScannedDirective, 'form' | 'valueEnd' | 'end' | 'closing'> {
    const run = closingRunLength(this.text, close.end, opening)
    const end = close.end + run
    const closing = this.text.slice(close.end, end)
    if (opening !== '' && run === 0) {
      const {valueEnd, closer} = stripClosers(this.text, tag.end, close.start, opening)
      if (closer !== '') return {form: 'swapped', valueEnd, end, closing: closer}
    }
    return {form: 'closed', valueEnd: close.start, end, closing}
  }

  /** The closing tag that belongs to `tag`, or else the opening tag that comes before one. */
  private findClose(tag: Tag, opening: string): {close?: Tag; nextOpen?: Tag} {
    const fence = new FenceInPrompt(this.text, tag.end)
    let openInFence = 0
    for (let at = this.nextTag + 1; at < this.tags.length; at++) {
      const candidate = this.tags[at] as Tag
      if (isNamedInCode(this.text, candidate) && !opening.includes('`')) continue
      if (candidate.type === 'open') {
        if (!fence.isOpenAt(candidate.start)) return {nextOpen: candidate}
        openInFence++
      } else if (openInFence > 0 && fence.isOpenAt(candidate.start)) openInFence--
      else return {close: candidate}
    }
    return {}
  }

  /** The closing tag behind a nested directive, if `inner` is one: two closing tags follow it before a heading does. */
  private findOuterClose(inner: Tag): Tag | undefined {
    const at = this.tags.indexOf(inner, this.nextTag)
    const [first, second] = [this.tags[at + 1], this.tags[at + 2]]
    if (first?.type !== 'close' || second?.type !== 'close') return undefined
    return /^#{1,6}[ \t]/m.test(this.text.slice(inner.end, second.start)) ? undefined : second
  }

  private noteComment(lineEnd: number): void {
    const {context, text} = this
    const start = Math.max(context.contentStart, this.index.start(this.line))
    if (!text.startsWith('<!--', start) || start < this.inline.position) return
    if (!text.slice(start + 4, lineEnd).includes('-->')) context.openCommentAt(start)
  }

  private noteLookalikes(start: number, end: number): void {
    const line = this.text.slice(start, end)
    for (const match of line.matchAll(lookalikePattern)) {
      const at = start + match.index
      const isInCode = line[match.index - 1] === '`' || line[match.index - 1] === '\\'
      if (!isInCode && !this.isInDirective(at)) this.lookalikes.push({start: at, end: at + match[0].length})
    }
  }

  private isInDirective(offset: number): boolean {
    for (let at = this.directives.length - 1; at >= 0; at--) {
      const directive = this.directives[at] as ScannedDirective
      if (directive.end <= offset) return false
      if (directive.start <= offset) return true
    }
    return false
  }

  private hideTags(before: number): void {
    for (let tag = this.tags[this.nextTag]; tag !== undefined && tag.start < before; tag = this.tags[this.nextTag]) {
      if (tag.type === 'open') this.hiddenTags++
      this.nextTag++
    }
  }

  private skipTagsBefore(offset: number): void {
    while ((this.tags[this.nextTag]?.start ?? Number.POSITIVE_INFINITY) < offset) this.nextTag++
  }
}

/** Whether a tag stands alone in a code span, which only names it. */
function isNamedInCode(text: string, tag: Tag): boolean {
  return text[tag.start - 1] === '`' && text[tag.end] === '`'
}

/** Follows the fences inside a prompt; offsets must be asked for in rising order. */
class FenceInPrompt {
  private open: string | undefined

  constructor(
    private readonly text: string,
    private from: number,
  ) {}

  isOpenAt(offset: number): boolean {
    for (const match of this.text.slice(this.from, offset).matchAll(/^[ \t]*(`{3,}|~{3,})/gm)) {
      const marks = match[1] as string
      if (this.open === undefined) this.open = marks
      else if (marks[0] === this.open[0] && marks.length >= this.open.length) this.open = undefined
    }
    this.from = offset
    return this.open !== undefined
  }
}
