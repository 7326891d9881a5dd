import type {SourceEdit} from '../model/outline.ts'

export interface OuterFence {
  /** The text with both fence lines blanked, of the same length. */
  readonly text: string
  /** Offset of the first line inside. */
  readonly contentStart: number
  readonly edits: readonly SourceEdit[]
}

/** The fence around a file that is one ```` ```markdown ```` block; undefined for any other file. */
export function findOuterFence(source: string): OuterFence | undefined {
  const open = /^\s*?(`{3,}|~{3,})[ \t]*(?:markdown|md|mdx)[ \t]*(?:\r\n|\n|\r)/i.exec(source)
  if (open === null) return undefined
  const marks = open[1] as string
  const trimmed = source.trimEnd()
  const lastLineStart = Math.max(trimmed.lastIndexOf('\n'), trimmed.lastIndexOf('\r')) + 1
  const last = trimmed.slice(lastLineStart)
  if (
    lastLineStart < open[0].length ||
    last[0] !== marks[0] ||
    !/^(?:`{3,}|~{3,})$/.test(last) ||
    last.length < marks.length
  )
    return undefined
  const openStart = open[0].indexOf(marks)
  const openEnd = open[0].trimEnd().length
  const text =
    source.slice(0, openStart) +
    ' '.repeat(openEnd - openStart) +
    source.slice(openEnd, lastLineStart) +
    ' '.repeat(last.length) +
    source.slice(trimmed.length)
  return {
    text,
    contentStart: open[0].length,
    edits: [
      {start: 0, end: open[0].length, text: ''},
      {start: lastLineStart, end: source.length, text: ''},
    ],
  }
}
