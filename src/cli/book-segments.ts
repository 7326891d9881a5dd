import {textAddress} from '../model/content-address.ts'
import type {Manifest} from '../store/manifest.ts'

/** A part of the book that ends with one directive's text: how many lines, and a short address of them. */
export interface BookSegment {
  readonly span: number
  readonly book: string
}

/**
 * Cuts a book into one segment per directive, each from the end of the one before to its own last line; the last one
 * goes to the end, or to the bibliography, which is one of its own. The manifest keeps them in its rows, so that a change of one directive changes one row.
 */
export function segmentBook(
  markdown: string,
  lastLines: readonly number[],
  bibliographyLine?: number,
): {readonly segments: readonly BookSegment[]; readonly bibliography?: BookSegment} {
  const lines = markdown.split('\n')
  const end = bibliographyLine === undefined ? lines.length : bibliographyLine - 1
  let from = 0
  const segments = lastLines.map((last, number) => {
    const to = number === lastLines.length - 1 ? end : Math.max(last, from)
    const segment = lines.slice(from, to)
    from = to
    return {span: segment.length, book: shortAddress(segment)}
  })
  if (bibliographyLine === undefined) return {segments}
  const own = lines.slice(end)
  return {segments, bibliography: {span: own.length, book: shortAddress(own)}}
}

/** Whether a book is what the manifest says was last written; line ends aside. */
export function isBookAsWritten(markdown: string, manifest: Manifest): boolean {
  const lines = markdown.replace(/\r\n?/g, '\n').split('\n')
  let from = 0
  for (const {span, book} of [
    ...manifest.directives,
    ...(manifest.bibliography === undefined ? [] : [manifest.bibliography]),
  ]) {
    if (typeof span !== 'number' || shortAddress(lines.slice(from, from + span)) !== book) return false
    from += span
  }
  return from === lines.length
}

function shortAddress(lines: readonly string[]): string {
  return textAddress(lines.join('\n')).slice(0, 16)
}
