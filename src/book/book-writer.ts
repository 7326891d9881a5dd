import type {SerialisedBlocks} from './section-form.ts'
import {firstMarker, lastListMarkers, separator, serialiseSeparated} from './serialise-separated.ts'

const listItemStart = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t\n]|$)/
/** How much of what was written is looked at to see how it ends. */
const tailLength = 16_384
const bareMarkers = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+(?:\[[ xX]\][ \t]+)?$/
const markerOnLineAbove = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:[-*+]|\d{1,9}[.)])[ \t]*\n[ \t]*$/

/** What the completion written last asks of the text behind it. */
interface Pending {
  readonly indent: string
  /** Whether a list item may follow without a blank line. */
  readonly isTight: boolean
  /** Whether its last block takes in what is indented behind it: a list or a footnote. */
  readonly isOpen: boolean
  /** Markers of the list it ends with. */
  readonly markers: ReadonlySet<string>
}

/** Where a kept text stands: its line `textLine`, counted from 0, is the book's line `bookLine`, counted from 1. */
export interface KeptPlace {
  readonly bookLine: number
  readonly textLine: number
}

/** Joins the author's text and completions, with the blank lines that keep blocks apart. Line ends are LF. */
export class BookWriter {
  private readonly pieces: string[] = []
  private lineCount = 1
  private spanStart = 1
  private spanColumn = 0
  private pending: Pending | undefined
  /** The author's next line that is not blank. */
  next = ''

  /** Lines of the completion written last, from 1, both included. */
  get lastSpan(): {readonly start: number; readonly end: number} {
    return {start: this.spanStart, end: this.lineCount}
  }

  /** Characters that stand before the completion written last on its first line: a list marker, a label, indentation. */
  get lastColumn(): number {
    return this.spanColumn
  }

  /** Writes a piece of the author's text. Gives where it stands; undefined where nothing of it was written. */
  keep(text: string): KeptPlace | undefined {
    if (text === '') return undefined
    const {pending, lineCount} = this
    if (pending === undefined) {
      this.put(text)
      return {bookLine: lineCount, textLine: 0}
    }
    const [, restOfLine = '', rest = ''] = /^[ \t]*([^\n]*)([^]*)$/.exec(text) as RegExpExecArray
    if (restOfLine === '' && rest === '') return undefined
    this.pending = undefined
    if (restOfLine !== '') {
      // Text behind a directive on its line is a paragraph of its own.
      this.put(`\n\n${pending.indent}${escapeBlockStart(restOfLine.trimEnd())}${rest}`)
      return {bookLine: lineCount + 2, textLine: 0}
    }
    const [, blank = '', following = ''] = /^((?:[ \t]*\n)*)([^]*)$/.exec(rest) as RegExpExecArray
    if (following === '') {
      this.put('\n'.repeat(countLines(blank)))
      this.pending = pending
      return {bookLine: lineCount, textLine: 0}
    }
    if (this.runsInto(following, pending)) this.put(`\n\n${pending.indent}${separator}`)
    const needsBlank = !(pending.isTight && listItemStart.test(following))
    const lineEnds = Math.max(countLines(blank), needsBlank ? 2 : 1)
    const bookLine = this.lineCount + 1 + lineEnds - countLines(blank)
    this.put('\n'.repeat(lineEnds) + following)
    return {bookLine, textLine: 1}
  }

  /** Writes blocks: behind a list marker if one was just written, else set off by blank lines. */
  writeBlocks(blocks: SerialisedBlocks, indent: string, options: {readonly isTight: boolean}): void {
    const isUnderMarker = indent !== '' && markerOnLineAbove.test(this.lastLines(2))
    const isBehindMarker = isUnderMarker || (indent !== '' && bareMarkers.test(this.lastLines(1)))
    const after = this.markerOfNext(indent)
    const text = serialiseSeparated(blocks, {
      before: isBehindMarker || blocks.first !== 'list' ? new Set() : this.markersBefore(indent),
      after: new Set(after === undefined ? [] : [after]),
    })
    if (isBehindMarker && !isUnderMarker && !/^(?:1[.)]|[^\s\d])/.test(text)) this.partFromParagraph()
    this.beginSpan('')
    if (text === '') {
      this.pending ??= {indent, isTight: true, isOpen: false, markers: new Set()}
      return
    }
    if (isUnderMarker) this.trimLine()
    else if (!isBehindMarker) this.setOff()
    const isOnMarkersLine = isBehindMarker && !isUnderMarker
    const lead = isOnMarkersLine ? '' : indent
    this.beginSpan(lead)
    this.put(isOnMarkersLine ? indentLines(behindMarker(text), indent) : lead + indentLines(text, indent))
    const {last} = blocks
    this.pending = {
      indent,
      isTight: options.isTight && isBehindMarker,
      isOpen: last === 'list' || last === 'footnoteDefinition',
      markers: last === 'list' ? lastListMarkers(text) : new Set(),
    }
  }

  /** Goes on the line of a label. */
  writeInline(text: string, indent: string): void {
    this.beginSpan(' ')
    this.put(` ${indentLines(text, indent)}`)
    this.pending = {indent, isTight: indent !== '', isOpen: false, markers: new Set()}
  }

  /** Writes list items beside each other; the marker of the first one stands already. */
  writeItems(items: readonly string[], marker: string, indent: string): void {
    if (markerOnLineAbove.test(this.lastLines(2))) {
      this.trimLine()
      this.put(indent)
    }
    this.beginSpan('')
    const isTight = items.every((item) => !item.includes('\n\n'))
    const number = /^(\s*)(\d{1,9})([.)]\s*)$/.exec(marker)
    items.forEach((item, at) => {
      const own = number === null ? marker : `${number[1]}${Number(number[2]) + at}${number[3]}`
      if (at > 0) this.put((isTight ? '\n' : '\n\n') + own)
      this.put(indentLines(behindMarker(item), at === 0 ? indent : ' '.repeat(own.length)))
    })
    this.pending = {indent, isTight, isOpen: false, markers: new Set()}
  }

  finish(): string {
    return `${this.pieces.join('').trimEnd()}\n`
  }

  /** Whether the author's text would become part of the list or footnote before it. */
  private runsInto(following: string, pending: Pending): boolean {
    const lead = /^[ \t]*/.exec(following)?.[0].replace(/\t/g, '    ').length ?? 0
    if (pending.isOpen && lead > pending.indent.length) return true
    const marker = firstMarker(following.trimStart())
    return marker !== undefined && lead === pending.indent.length && pending.markers.has(marker)
  }

  /** Ends the line before and leaves one blank line; white space that led up to the directive goes. */
  private setOff(): void {
    this.pending = undefined
    this.trimLine()
    const end = this.end(2)
    if (end === '') return
    if (!end.endsWith('\n\n')) this.put(end.endsWith('\n') ? '\n' : '\n\n')
  }

  /** Markers of the lists that a list right here would run into. */
  private markersBefore(indent: string): ReadonlySet<string> {
    return new Set([...lastListMarkers(this.end(tailLength), indent.length), ...(this.pending?.markers ?? [])])
  }

  private markerOfNext(indent: string): string | undefined {
    const lead = /^[ \t]*/.exec(this.next)?.[0] ?? ''
    return lead.length === indent.length ? firstMarker(this.next.trimStart()) : undefined
  }

  /** The completion begins here, behind what the line holds and `lead`. */
  private beginSpan(lead: string): void {
    this.spanStart = this.lineCount
    this.spanColumn = this.lastLines(1).length + lead.length
  }

  private put(text: string): void {
    if (text === '') return
    this.pieces.push(text)
    this.lineCount += countLines(text)
  }

  /** The end of what was written: so many characters at least, if there are so many. */
  private end(length: number): string {
    let text = ''
    for (let at = this.pieces.length - 1; at >= 0 && text.length < length; at--) text = `${this.pieces[at]}${text}`
    return text
  }

  /** The last lines of what was written, without the line end before them. */
  private lastLines(count: number): string {
    let text = ''
    for (let piece = this.pieces.length - 1; piece >= 0 && text.length < tailLength; piece--) {
      text = `${this.pieces[piece]}${text}`
      const start = startOfLast(text, count)
      if (start !== undefined) return text.slice(start)
    }
    return text
  }

  /** An item that is empty or begins with a number but 1 cannot interrupt the paragraph above it: a blank line parts them. */
  private partFromParagraph(): void {
    const line = this.lastLines(1)
    const lines = this.lastLines(2)
    const lineAbove = lines.slice(0, lines.length - line.length)
    const lead = (text: string): number => /^[ \t]*/.exec(text)?.[0].length ?? 0
    if (lineAbove.trim() === '' || lead(lineAbove) >= lead(line)) return
    this.takeOff(line.length)
    this.put(`\n${line}`)
  }

  /** Takes the spaces off that the text ends with. */
  private trimLine(): void {
    const line = this.lastLines(1)
    this.takeOff(line.length - line.replace(/[ \t]+$/, '').length)
  }

  private takeOff(length: number): void {
    let left = length
    while (left > 0) {
      const last = this.pieces.pop() ?? ''
      if (last.length > left) this.pieces.push(last.slice(0, last.length - left))
      left -= Math.min(left, last.length)
    }
  }
}

/** A line as it can begin a paragraph: what would begin another block is escaped. */
function escapeBlockStart(line: string): string {
  return line
    .replace(/^(#{1,6}(?:[ \t]|$)|[-+*](?:[ \t]|$)|>|`{3,}|~{3,}|=+[ \t]*$|<(?=[a-zA-Z!/?]))/, '\\$1')
    .replace(/^(\d{1,9})([.)](?:[ \t]|$))/, '$1\\$2')
}

/** Blocks as they can stand behind a marker: `- ---` would be one long rule and no item. */
function behindMarker(text: string): string {
  return text.replace(/^(?:---|\*\*\*)(?=\n|$)/, '___')
}

function indentLines(text: string, indent: string): string {
  return indent === '' ? text : text.replace(/\n(?=[^\n])/g, `\n${indent}`)
}

/** Where the last lines of a text begin; undefined where it has fewer line ends. */
function startOfLast(text: string, count: number): number | undefined {
  let end = text.length
  for (let line = 0; line < count; line++) {
    const at = end === 0 ? -1 : text.lastIndexOf('\n', end - 1)
    if (at === -1) return undefined
    end = at
  }
  return end + 1
}

function countLines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}
