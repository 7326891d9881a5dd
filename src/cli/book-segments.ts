import {textAddress} from '../model/content-address.ts'
import type {Manifest} from '../store/manifest.ts'

/** A part of the book that ends with one directive's text: how many lines, and a short address of them. */
export interface BookSegment {
  readonly span: number
  readonly book: string
}

/**
 * Cuts a book into one segment per directive, each from the end of the one before to its own last line; the last one
 * goes to the end. The manifest keeps them in its rows, so that a change of one directive changes one row.
 */
export function segmentBook(markdown: string, lastLines: readonly number[]): BookSegment[] {
  const lines = markdown.split('\n')
  let from = 0
  return lastLines.map((last, number) => {
    const to = number === lastLines.length - 1 ? lines.length : Math.max(last, from)
    const segment = lines.slice(from, to)
    from = to
    return {span: segment.length, book: shortAddress(segment)}
  })
}

/** Whether a book is what the manifest says was last written; line ends aside. */
export function isBookAsWritten(markdown: string, manifest: Manifest): boolean {
  const lines = markdown.replace(/\r\n?/g, '\n').split('\n')
  let from = 0
  for (const {span, book} of manifest.directives) {
    if (typeof span !== 'number' || shortAddress(lines.slice(from, from + span)) !== book) return false
    from += span
  }
  return from === lines.length
}

function shortAddress(lines: readonly string[]): string {
  return textAddress(lines.join('\n')).slice(0, 16)
}
