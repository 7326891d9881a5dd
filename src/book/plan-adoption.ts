import type {JobId} from '../model/job.ts'
import {blockEdits} from './block-edits.ts'
import {withoutBibliography} from './book-bibliography.ts'
import type {BookParts, CarriedText} from './carry-edits.ts'
import {carryEdits} from './carry-edits.ts'
import {foldTitle} from './fold-title.ts'
import {applyLineEdits, type LineEdit, lineEdits} from './line-edits.ts'
import {matchHeadings} from './match-headings.ts'
import type {BlockedEdit} from './own-edits.ts'
import {type HeadedPart, readHeadedParts} from './read-headed-parts.ts'
import {isSameMarkdown} from './same-book.ts'
import {type LineOrigin, mapSources} from './source-map.ts'

/** A heading that the outline does not have, with its text. */
export interface AddedHeading {
  readonly title: string
  /** Depth in the outline. */
  readonly depth: number
  /** Line of the adopted text, from 1. */
  readonly line: number
  /** The heading and what stands below it, without a line end. */
  readonly markdown: string
  /** The outline's line before which it goes; undefined for the end. */
  readonly before: number | undefined
}

/** A part of an adopted text that fits nowhere. */
export interface UnplacedPart {
  /** Title of its heading; empty for what stands before the first one. */
  readonly title: string
  /** Line of the adopted text, from 1. */
  readonly line: number
  readonly edit: BlockedEdit | undefined
}

/** What becomes of a text that was rewritten elsewhere. */
export interface Adoption {
  /** Texts of directives that it changes; `line` is of the adopted text. */
  readonly texts: ReadonlyMap<JobId, CarriedText>
  readonly added: readonly AddedHeading[]
  /** Headings of the outline that the text lacks, or has nothing below where the book has. */
  readonly lacking: readonly {readonly title: string; readonly line: number}[]
  /** Headings that were taken for one with another title. */
  readonly renamed: readonly {readonly title: string; readonly as: string; readonly line: number}[]
  readonly unplaced: readonly UnplacedPart[]
}

/** Lines of the outline that a text is adopted for, from 1; the second is the first one behind. */
export interface OutlineStretch {
  readonly start: number
  readonly end: number
}

/** A heading of the outline as it stands in the book. */
interface BookHeading extends HeadedPart {
  readonly outlineLine: number
}

/** A part of the adopted text with what becomes of it. */
interface Chunk {
  /** Index of the book's heading; undefined for a new one. */
  readonly heading: number | undefined
  readonly part: HeadedPart
  readonly depth: number
  readonly lines: string[]
}

/** Plans how a text that was rewritten elsewhere goes into a book: into the texts of its directives and into its outline. */
export function planAdoption(parts: BookParts, text: string, stretch?: OutlineStretch): Adoption {
  const {lines: origins} = mapSources(parts.outline, parts.texts, parts.book)
  const all = bookHeadings(parts, origins)
  const headings = all.filter(
    ({outlineLine: line}) => stretch === undefined || (stretch.start <= line && line < stretch.end),
  )
  const {before, parts: own} = readHeadedParts(parts.book.bibliography === undefined ? text : withoutBibliography(text))
  const matched = matchHeadings(headings, own).map((at) =>
    at === undefined ? undefined : all.indexOf(headings[at] as BookHeading),
  )
  const shift = depthShift(all, own, matched, headings[0])
  const chunks = chunksOf(all, own, matched, shift, (heading, title) => isInside(all, heading, title, parts, origins))
  const lead = before.lines.some((line) => line.trim() !== '')
  const isRoot = stretch !== undefined && headings[0] !== undefined && !matched.includes(all.indexOf(headings[0]))
  if (lead && isRoot)
    chunks.unshift({heading: all.indexOf(headings[0] as BookHeading), part: before, depth: 0, lines: [...before.lines]})
  const {texts, unplaced} = adoptTexts(parts, origins, all, chunks)
  const isThere = (heading: BookHeading): boolean => {
    const chunk = chunks.find((one) => one.heading === all.indexOf(heading))
    return chunk !== undefined && (trimmed(chunk.lines).lines.length > 0 || trimmed(heading.lines).lines.length === 0)
  }
  return {
    texts,
    added: addedHeadings(all, chunks, headings[0] === undefined ? -1 : all.indexOf(headings[0]) - 1),
    lacking: headings
      .filter((heading) => !isThere(heading))
      .map(({title, outlineLine}) => ({title, line: outlineLine})),
    renamed: chunks.flatMap(({heading, part}) => {
      const as = heading === undefined ? undefined : all[heading]?.title
      return as === undefined || part.title === '' || foldTitle(as) === foldTitle(part.title)
        ? []
        : [{title: part.title, as, line: part.line}]
    }),
    unplaced: [...(lead && !isRoot ? [{title: '', line: before.firstLine, edit: undefined}] : []), ...unplaced],
  }
}

/** The outline's headings in the book, each with the lines up to the next of them. */
function bookHeadings({book}: BookParts, origins: readonly LineOrigin[]): BookHeading[] {
  const lines = book.markdown.split('\n')
  const end = book.bibliography?.line ?? lines.length + 1
  const own = readHeadedParts(book.markdown).parts.flatMap((part) => {
    const origin = origins[part.line - 1]
    return origin?.type === 'outline' ? [{...part, outlineLine: origin.line}] : []
  })
  return own.map((part, at) => ({
    ...part,
    lines: lines.slice(part.firstLine - 1, (own[at + 1]?.line ?? end) - 1),
  }))
}

/** By how much the headings of the text stand deeper in the book: what most of those say that are in both. */
function depthShift(
  all: readonly BookHeading[],
  own: readonly HeadedPart[],
  matched: readonly (number | undefined)[],
  first: BookHeading | undefined,
): number {
  const votes = new Map<number, number>()
  matched.forEach((at, number) => {
    if (at === undefined) return
    const shift = (all[at] as BookHeading).depth - (own[number] as HeadedPart).depth
    votes.set(shift, (votes.get(shift) ?? 0) + 1)
  })
  const [most] = [...votes].sort(([, one], [, other]) => other - one)
  return most?.[0] ?? (first?.depth ?? 1) - Math.min(...own.map(({depth}) => depth), 6)
}

function chunksOf(
  all: readonly BookHeading[],
  own: readonly HeadedPart[],
  matched: readonly (number | undefined)[],
  shift: number,
  isInText: (heading: number, title: string) => boolean,
): Chunk[] {
  const chunks: Chunk[] = []
  own.forEach((part, number) => {
    const heading = matched[number]
    const depth = Math.min(Math.max(part.depth + shift, 1), 6)
    const last = chunks.at(-1)
    const above = last?.heading === undefined ? last?.depth : all[last.heading]?.depth
    const isBelow = last !== undefined && above !== undefined && depth > above
    if (heading === undefined && isBelow && (last.heading === undefined || isInText(last.heading, part.title)))
      last.lines.push(...headingLines(part, depth))
    else chunks.push({heading, part, depth, lines: [...part.lines]})
  })
  return chunks
}

function headingLines({source, lines}: HeadedPart, depth: number): string[] {
  return [`${'#'.repeat(depth)} ${source}`, ...lines]
}

/** Whether a heading below one of the outline's is a text's own: it was before, or a text stands there that may have some. */
function isInside(
  all: readonly BookHeading[],
  number: number,
  title: string,
  {outline, texts}: BookParts,
  origins: readonly LineOrigin[],
): boolean {
  const heading = all[number] as BookHeading
  const inside = readHeadedParts(heading.lines.join('\n')).parts
  if (inside.some((part) => foldTitle(part.title) === foldTitle(title))) return true
  const hasBelow = (all[number + 1]?.depth ?? 0) > heading.depth
  const ids = idsIn(heading, origins)
  return !hasBelow && texts.some(({id}, at) => ids.includes(id) && outline.placements[at]?.indent === '')
}

function idsIn({firstLine, lines}: HeadedPart, origins: readonly LineOrigin[]): JobId[] {
  const own = origins.slice(firstLine - 1, firstLine - 1 + lines.length)
  return [...new Set(own.flatMap((origin) => (origin.type === 'directive' ? [origin.id] : [])))]
}

/** Carries the parts of a text that stand below headings of the book; those that cannot be are named, the others are. */
function adoptTexts(
  parts: BookParts,
  origins: readonly LineOrigin[],
  all: readonly BookHeading[],
  chunks: readonly Chunk[],
): Pick<Adoption, 'texts' | 'unplaced'> {
  const unplaced: UnplacedPart[] = []
  let left = chunks.flatMap((chunk) => {
    const edits = chunk.heading === undefined ? [] : editsOf(all[chunk.heading] as BookHeading, chunk, parts, origins)
    return edits.length === 0 ? [] : [{chunk, edits}]
  })
  for (;;) {
    const edits = left.flatMap((one) => one.edits).sort((one, other) => one.start - other.start)
    const carried = carryEdits(parts, edits)
    if (carried.type === 'carried')
      return {texts: carried.texts, unplaced: unplaced.sort((one, other) => one.line - other.line)}
    const isBlocked = ({chunk}: (typeof left)[number]): BlockedEdit | undefined =>
      carried.edits.find(({line}) => chunk.part.firstLine <= line && line <= chunk.part.firstLine + chunk.lines.length)
    // Where no part can be blamed, none is adopted.
    const isAnyBlamed = left.some((one) => isBlocked(one) !== undefined)
    for (const one of left) {
      const edit = isAnyBlamed ? isBlocked(one) : carried.edits[0]
      if (edit !== undefined) unplaced.push({title: one.chunk.part.title, line: one.chunk.part.line, edit})
    }
    left = isAnyBlamed ? left.filter((one) => isBlocked(one) === undefined) : []
  }
}

/** What a part of the text changes below its heading. */
function editsOf(
  heading: BookHeading,
  {part, lines}: Chunk,
  {book, outline, texts}: BookParts,
  origins: readonly LineOrigin[],
): LineEdit[] {
  const [was, is] = [trimmed(heading.lines), trimmed(lines)]
  // A bare heading takes no text out.
  if (is.lines.length === 0 || isSameMarkdown(was.lines.join('\n'), is.lines.join('\n'))) return []
  const start = heading.firstLine - 1 + was.start
  const line = part.firstLine + is.start
  const [only, ...others] = idsIn(heading, origins)
  const number = texts.findIndex(({id}) => id === only)
  const isAllOfIt = was.lines.every((text, at) => text.trim() === '' || origins[start + at]?.type === 'directive')
  const span = only === undefined ? undefined : book.lines.get(only)
  // A text that stands alone below its heading may be another one altogether.
  if (
    span !== undefined &&
    others.length === 0 &&
    isAllOfIt &&
    outline.placements[number]?.indent === '' &&
    book.columns.get(only as JobId) === 0
  )
    return [{start: span.start - 1, end: span.end, lines: is.lines, line}]
  if (was.lines.length === 0)
    return [{start: heading.firstLine - 1, end: heading.firstLine - 1, lines: ['', ...is.lines, ''], line}]
  return changesOf(was.lines, is.lines).map((edit) => ({
    ...edit,
    start: edit.start + start,
    end: edit.end + start,
    line: edit.line - 1 + line,
  }))
}

/** Edits past what a formatter changed, where blocks can be told apart; else all lines that were changed. */
function changesOf(was: readonly string[], is: readonly string[]): LineEdit[] {
  const edits = blockEdits(was.join('\n'), is.join('\n'))
  const made = applyLineEdits(was, edits).join('\n')
  return isSameMarkdown(made, is.join('\n')) ? edits : lineEdits(was, is)
}

function trimmed(lines: readonly string[]): {readonly lines: readonly string[]; readonly start: number} {
  let start = 0
  let end = lines.length
  while (start < end && lines[start]?.trim() === '') start++
  while (end > start && lines[end - 1]?.trim() === '') end--
  return {lines: lines.slice(start, end), start}
}

/** New headings go before the next heading of the outline that is not below them. */
function addedHeadings(all: readonly BookHeading[], chunks: readonly Chunk[], before: number): AddedHeading[] {
  let last = before
  return chunks.flatMap(({heading, part, depth, lines}) => {
    if (heading !== undefined) last = heading
    if (heading !== undefined) return []
    const next = all.find((other, at) => at > last && other.depth <= depth)
    const markdown = headingLines({...part, lines: ['', ...trimmed(lines).lines]}, depth)
      .join('\n')
      .trimEnd()
    return [{title: part.title, depth, line: part.line, markdown, before: next?.outlineLine}]
  })
}
