import type {JobId} from '../model/job.ts'
import type {Outline} from '../model/outline.ts'
import {type AssembledBook, type AssembleOptions, assembleBook, type LineSpan} from './assemble-book.ts'
import {withoutBibliography} from './book-bibliography.ts'
import {candidateTexts, footnoteNames} from './candidate-texts.ts'
import {countEdits} from './count-edits.ts'
import {applyLineEdits, type LineEdit} from './line-edits.ts'
import {type BlockedEdit, type OwnedEdit, ownEdits} from './own-edits.ts'
import {isSameMarkdown} from './same-book.ts'
import type {SectionText} from './section-form.ts'
import {mapSources} from './source-map.ts'
import type {TextPlace} from './unplace-text.ts'

/** A book as it was put together, and what it was put together of. */
export interface BookParts {
  readonly outline: Outline
  readonly texts: readonly SectionText[]
  readonly options: AssembleOptions
  readonly book: AssembledBook
}

/** A text that edits of the book changed. */
export interface CarriedText {
  readonly text: string
  readonly edits: number
  /** Where the first of them stands in the edited book. */
  readonly line: number
}

/** Edits of a book in the texts that they are in; or, where one has no such text, those that have none. */
export type CarriedEdits =
  | {readonly type: 'carried'; readonly texts: ReadonlyMap<JobId, CarriedText>}
  | {readonly type: 'blocked'; readonly edits: readonly BlockedEdit[]}

/**
 * Carries the edits of a book, which are of `parts.book`, into the texts that it is put together of. Whatever is carried
 * is proven: put together again of the changed texts, the book is the edited one. All edits are carried or none.
 */
export function carryEdits(parts: BookParts, edits: readonly LineEdit[]): CarriedEdits {
  const base = parts.book.markdown.split('\n')
  const {lines: origins} = mapSources(parts.outline, parts.texts, parts.book)
  const {owned, blocked} = ownEdits(base, origins, edits, emptyTexts(parts))
  if (blocked.length > 0) return {type: 'blocked', edits: blocked}
  if (owned.length === 0) return {type: 'carried', texts: new Map()}
  const first = carryOwned(parts, base, owned, ({owners}) => owners[0] as JobId)
  // What stands between two texts may be of the one or the other.
  if (first.type === 'carried' || owned.every(({owners}) => owners.length === 1)) return first
  const second = carryOwned(parts, base, owned, ({owners}) => owners.at(-1) as JobId)
  return second.type === 'carried' ? second : first
}

/** Where texts would stand that hold nothing, by a line from 0. */
function emptyTexts({texts, book}: BookParts): Map<JobId, number> {
  const empty = texts.filter(({text}) => text.trim() === '')
  return new Map(empty.map(({id}) => [id, (book.lines.get(id)?.start ?? 1) - 1]))
}

/** A text whose edits are being carried: the ways to write it, and the one that is tried. */
interface Trial {
  readonly id: JobId
  readonly text: string
  readonly edits: readonly LineEdit[]
  /** Its lines as they are to stand in the book. */
  readonly wanted: readonly string[]
  readonly candidates: readonly string[]
  /** The author's own characters before it on its first line. */
  readonly prefix: string
  at: number
}

function carryOwned(
  parts: BookParts,
  base: readonly string[],
  owned: readonly OwnedEdit[],
  ownerOf: (edit: OwnedEdit) => JobId,
): CarriedEdits {
  const byId = new Map<JobId, LineEdit[]>()
  for (const edit of owned) {
    const id = ownerOf(edit)
    byId.set(id, [...(byId.get(id) ?? []), edit.edit])
  }
  const trials = [...byId].map(([id, edits]) => trialOf(parts, base, id, edits))
  const wanted = applyLineEdits(
    base,
    owned.map(({edit}) => edit),
  ).join('\n')
  const sources = new Set(parts.options.bibliography?.entries.map(({number}) => number))
  for (;;) {
    const made = assembleWith(parts, trials)
    const lines = made.markdown.split('\n')
    const wrong = trials.filter((trial) => !standsAsWanted(trial, made.lines.get(trial.id), lines, sources))
    if (wrong.length === 0) {
      // What the bibliography lists follows from what the texts cite.
      const [is, was] = [made.markdown, wanted].map(withoutBibliography) as [string, string]
      if (isSameMarkdown(is, was, sources)) return {type: 'carried', texts: carriedTexts(trials, base)}
      return {type: 'blocked', edits: trials.flatMap((trial) => unplaceable(trial, parts))}
    }
    const hopeless = wrong.filter(({at, candidates}) => at + 1 >= candidates.length)
    if (hopeless.length > 0) return {type: 'blocked', edits: hopeless.flatMap((trial) => unplaceable(trial, parts))}
    for (const trial of wrong) trial.at++
  }
}

function trialOf(parts: BookParts, base: readonly string[], id: JobId, edits: readonly LineEdit[]): Trial {
  const number = parts.texts.findIndex((text) => text.id === id)
  const {text} = parts.texts[number] as SectionText
  const span = text.trim() === '' ? undefined : parts.book.lines.get(id)
  const start = Math.min(...edits.map((edit) => edit.start), ...(span === undefined ? [] : [span.start - 1]))
  const end = Math.max(...edits.map((edit) => edit.end), span?.end ?? 0)
  const placed = span === undefined ? [] : base.slice(span.start - 1, span.end)
  const shifted = edits.map((edit) => ({...edit, start: edit.start - start, end: edit.end - start}))
  const wanted = applyLineEdits(base.slice(start, end), shifted)
  const place = placeOf(parts, number, placed, placed[0] ?? lineOfEmpty(parts, base, id, edits))
  return {id, text, edits, wanted, candidates: candidateTexts(text, placed, wanted, place), prefix: place.prefix, at: 0}
}

/** The line that holds an empty text's marker or label, where an edit writes it anew. */
function lineOfEmpty({book}: BookParts, base: readonly string[], id: JobId, edits: readonly LineEdit[]): string {
  const line = (book.lines.get(id)?.start ?? 0) - 1
  return edits.some(({start, end}) => start <= line && line < end) ? (base[line] ?? '') : ''
}

function placeOf(
  {outline, texts, options, book}: BookParts,
  number: number,
  placed: readonly string[],
  first: string,
): TextPlace {
  const {id, depth, text} = texts[number] as SectionText
  const {indent, isAlone} = outline.placements[number] as Outline['placements'][number]
  const keepsHeadings = indent === '' || options.listItemHeadings === 'keep'
  const place = {
    prefix: first.slice(0, book.columns.get(id) ?? 0),
    indent,
    isAlone,
    shift: keepsHeadings ? depth - 1 : 0,
  }
  return {...place, footnotes: footnoteNames(text, placed, place)}
}

function assembleWith({outline, texts, options}: BookParts, trials: readonly Trial[]): AssembledBook {
  const tried = new Map(trials.map((trial) => [trial.id, triedText(trial)]))
  return assembleBook(
    outline,
    texts.map((section) => ({...section, text: tried.get(section.id) ?? section.text})),
    options,
  )
}

/** The way to write a text that is tried; there is always one. */
function triedText({candidates, at}: Trial): string {
  return candidates[at] as string
}

function standsAsWanted(
  {wanted}: Trial,
  span: LineSpan | undefined,
  book: readonly string[],
  sources: ReadonlySet<number>,
): boolean {
  if (span === undefined) return false
  return isSameMarkdown(atLeftEdge(book.slice(span.start - 1, span.end)), atLeftEdge(wanted), sources)
}

/** Lines without what indents them all, so that it is not taken for code. */
function atLeftEdge(lines: readonly string[]): string {
  const text = lines.filter((line) => line.trim() !== '')
  const lead = Math.min(...text.map((line) => line.length - line.trimStart().length))
  return lines
    .map((line) => line.slice(Number.isFinite(lead) ? lead : 0))
    .join('\n')
    .replace(/^\s*\n/, '')
    .trimEnd()
}

function carriedTexts(trials: readonly Trial[], base: readonly string[]): Map<JobId, CarriedText> {
  const texts = new Map<JobId, CarriedText>()
  for (const trial of trials) {
    const {id, text, edits} = trial
    const made = triedText(trial)
    if (made !== text) texts.set(id, {text: made, edits: countEdits(base, edits), line: edits[0]?.line ?? 1})
  }
  return texts
}

/** Edits that no text can take: where the marker or label before it was changed, they are of the outline. */
function unplaceable({id, edits, wanted, prefix}: Trial, {outline, texts}: BookParts): BlockedEdit[] {
  const directive = outline.directives[texts.findIndex((text) => text.id === id)]
  const first = wanted.find((line) => line.trim() !== '') ?? ''
  const isOfOutline = prefix.trim() !== '' && !first.startsWith(prefix.trimEnd())
  const outlineLine = directive?.position.start.line ?? 1
  return edits.map(({line}) =>
    isOfOutline ? {line, because: 'outline', outlineLine} : {line, because: 'unplaceable', id},
  )
}
