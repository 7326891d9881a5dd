import type {RootContent} from 'mdast'
import {lastListMarker, firstMarker, type ListNeighbours, serialiseSeparated} from './serialise-separated.ts'

const listItemStart = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/

/** Joins the author's text and completions, with the blank lines that keep blocks apart. Line ends are LF. */
export class BookWriter {
  private readonly pieces: string[] = []
  /** The text written last, enough of it to see how it ends. */
  private tail = ''
  private lineCount = 1
  private spanStart = 1
  /** Set when a completion was written and what follows must not run into it. */
  private pending: {readonly indent: string; readonly isTight: boolean} | undefined
  /** The author's next line that is not blank. */
  next = ''

  /** Lines of the completion written last, from 1, both included. */
  get lastSpan(): {readonly start: number; readonly end: number} {
    return {start: this.spanStart, end: this.lineCount}
  }

  /** Writes a piece of the author's text. */
  keep(text: string): void {
    if (text === '') return
    const {pending} = this
    this.pending = undefined
    if (pending === undefined) {
      this.put(text)
      return
    }
    const match = /^([ \t]*)([^\n]*)([^]*)$/.exec(text) as RegExpExecArray
    const [, , restOfLine = '', rest = ''] = match
    if (restOfLine !== '') {
      // Text behind a directive on its line is a paragraph of its own.
      this.put(`\n\n${pending.indent}${restOfLine}${rest}`)
      return
    }
    const body = /^((?:[ \t]*\n)*)([^]*)$/.exec(rest) as RegExpExecArray
    const breaks = countLines(body[1] as string)
    const following = body[2] as string
    if (following.trim() === '' && rest === '') {
      this.pending = pending
      return
    }
    const needsBlank = !(pending.isTight && listItemStart.test(following)) && following !== ''
    this.put('\n'.repeat(Math.max(breaks, needsBlank ? 2 : 1)) + following)
  }


  /** Writes blocks: behind a list marker if one was just written, else set off by blank lines. */
  writeBlocks(children: readonly RootContent[], indent: string, options: {readonly isTight: boolean}): void {
    const isBehindMarker = this.isBehindMarker(indent)
    const neighbours: ListNeighbours = {
      ...(isBehindMarker ? {} : optional('before', lastListMarker(this.tail, indent.length))),
      ...optional('after', this.markerOfNext(indent)),
    }
    const text = serialiseSeparated(children, neighbours)
    this.spanStart = this.lineCount
    if (text === '') {
      this.pending = {indent, isTight: true}
      return
    }
    if (!isBehindMarker) this.setOff()
    this.spanStart = this.lineCount
    this.put((isBehindMarker ? '' : indent) + indentLines(text, indent))
    this.pending = {indent, isTight: options.isTight && isBehindMarker}
  }

  /** Goes on the line of a label. */
  writeInline(text: string, indent: string): void {
    this.spanStart = this.lineCount
    this.put(` ${indentLines(text, indent)}`)
    this.pending = {indent, isTight: indent !== ''}
  }

  /** Writes list items beside each other; the marker of the first one stands already. */
  writeItems(items: readonly string[], marker: string, indent: string): void {
    this.spanStart = this.lineCount
    const isTight = items.every((item) => !item.includes('\n\n'))
    const number = /^(\s*)(\d{1,9})([.)]\s*)$/.exec(marker)
    items.forEach((item, at) => {
      const own = number === null ? marker : `${number[1]}${Number(number[2]) + at}${number[3]}`
      if (at > 0) this.put((isTight ? '\n' : '\n\n') + own)
      this.put(indentLines(item, indent))
    })
    this.pending = {indent, isTight}
  }

  finish(): string {
    return `${this.pieces.join('').trimEnd()}\n`
  }

  private isBehindMarker(indent: string): boolean {
    const line = this.tail.slice(this.tail.lastIndexOf('\n') + 1)
    return indent !== '' && /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+(?:\[[ xX]\][ \t]+)?$/.test(line)
  }

  /** Ends the line before and leaves one blank line; white space that led up to the directive goes. */
  private setOff(): void {
    this.pending = undefined
    const trimmed = this.tail.replace(/[ \t]+$/, '')
    if (trimmed.length < this.tail.length) this.unput(this.tail.length - trimmed.length)
    if (trimmed === '' && this.pieces.length <= 1) return
    const ends = /\n*$/.exec(this.tail)?.[0].length ?? 0
    if (ends < 2) this.put('\n'.repeat(2 - ends))
  }

  private markerOfNext(indent: string): string | undefined {
    const line = this.next
    const lead = /^[ \t]*/.exec(line)?.[0] ?? ''
    return lead.length === indent.length ? firstMarker(line.trimStart()) : undefined
  }

  private put(text: string): void {
    this.pieces.push(text)
    this.lineCount += countLines(text)
    this.tail = (this.tail + text).slice(-4000)
  }

  private unput(length: number): void {
    let left = length
    while (left > 0) {
      const last = this.pieces.pop() ?? ''
      if (last.length > left) this.pieces.push(last.slice(0, last.length - left))
      left -= Math.min(left, last.length)
    }
    this.tail = this.tail.slice(0, this.tail.length - length)
  }
}

function indentLines(text: string, indent: string): string {
  return indent === '' ? text : text.replace(/\n(?=[^\n])/g, `\n${indent}`)
}

function countLines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}

function optional<Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>> {
  return value === undefined ? {} : ({[key]: value} as Record<Key, string>)
}
