import {endsWithCloser, openingRunStart} from './delimiters.ts'
import {isBlockStart, isHeadingLine} from './line-context.ts'
import type {LineIndex} from './line-index.ts'
import type {Tag} from './tag-scanner.ts'

export interface Extent {
  readonly end: number
  /** Whether a closing delimiter at the end of a line ended it. */
  readonly isDelimited: boolean
}

/**
 * Where a directive without a closing tag ends (outline language, D3): at the first line whose last character is a
 * closing delimiter and after which another block begins, else before the next blank line, heading or opening tag.
 * The line that holds the next opening tag belongs to that directive, label included.
 */
export function readExtent(index: LineIndex, tag: Tag, opening: string, nextOpen: Tag | undefined): Extent {
  const {text} = index
  for (let line = index.lineAt(tag.end); ; line++) {
    const lineEnd = index.end(line)
    if (nextOpen !== undefined && nextOpen.start < lineEnd) {
      return {end: openingRunStart(text, nextOpen.start, tag.end), isDelimited: false}
    }
    const next = index.line(line + 1).trimStart()
    const isLast =
      line + 1 >= index.count ||
      next === '' ||
      isHeadingLine(next) ||
      (nextOpen?.start ?? text.length) < index.end(line + 1)
    const segment = text.slice(Math.max(tag.end, index.start(line)), lineEnd)
    if ((isLast || isBlockStart(next, false)) && endsWithCloser(segment, opening, text.slice(tag.end, lineEnd))) {
      return {end: lineEnd, isDelimited: true}
    }
    if (isLast) return {end: lineEnd, isDelimited: false}
  }
}
