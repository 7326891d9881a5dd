import {join} from 'node:path'
import {alignLines} from '../book/align-lines.ts'
import {type LineOrigin, mapSources, type NotedRepairs, type SourceMap} from '../book/source-map.ts'
import type {Config} from '../config/config-schema.ts'
import {normaliseLineEnds} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import {readIfThere} from '../store/completion-store.ts'
import type {Manifest} from '../store/manifest.ts'
import {isBookAsWritten} from './book-segments.ts'
import type {BookPlan} from './build-book.ts'
import {composeBook, sectionTexts} from './write-book.ts'

/** How `book.md` stands to what outline and section files give. */
export type BookStanding = 'same' | 'older' | 'edited' | 'absent'

/** The source map of a `book.md` as it stands, changed by hand or not. */
export interface BookMap {
  readonly standing: BookStanding
  /** Lines of `book.md`. */
  readonly lines: readonly string[]
  /** By line; undefined for a line that neither outline nor section files give. */
  readonly origins: readonly (LineOrigin | undefined)[]
  /** For lines without an origin, the one directive whose text they change or stand in; undefined where there is none. */
  readonly within: ReadonlyMap<number, JobId>
  /** First and last line of each directive's text, from 1. */
  readonly spans: ReadonlyMap<JobId, {readonly start: number; readonly end: number}>
  readonly repairs: SourceMap['repairs']
}

/**
 * Maps the lines of `book.md`. The map is derived from outline and section files, as the book is; where `book.md` is not
 * what they give, its lines are held against the book that they give. Writes nothing.
 */
export async function mapBook(
  {context, texts}: BookPlan,
  manifest: Manifest | undefined,
  config: Config,
): Promise<BookMap> {
  const {loaded} = context
  const noted = notedRepairs(texts, manifest)
  const present = await readIfThere(join(loaded.target.outputFolder, 'book.md'))
  if (present === undefined) {
    return {standing: 'absent', lines: [], origins: [], within: new Map(), spans: new Map(), repairs: noted}
  }
  const {book} = composeBook(loaded, texts, config)
  const composed = mapSources(loaded.outline, sectionTexts(loaded, texts), book, noted)
  const text = normaliseLineEnds(present)
  const lines = linesOf(text)
  const isSame = text === book.markdown
  const aligned = isSame ? undefined : alignLines(linesOf(book.markdown), lines)
  const origins =
    aligned === undefined
      ? composed.lines
      : aligned.map((from) => (from === undefined ? undefined : composed.lines[from]))
  const isWritten = manifest !== undefined && isBookAsWritten(text, manifest)
  const standing = isSame ? 'same' : isWritten ? 'older' : 'edited'
  const within = aligned === undefined ? new Map<number, JobId>() : changedTexts(aligned, composed.lines)
  return {standing, lines, origins, within, spans: spansOf(origins), repairs: composed.repairs}
}

/** The repairs on record of the texts that stand; a row that was written of another text says nothing of this one. */
function notedRepairs(texts: BookPlan['texts'], manifest: Manifest | undefined): NotedRepairs {
  const rows = manifest?.directives ?? []
  return new Map(
    rows
      .filter(({id, completion}) => texts.get(id as JobId)?.file.record?.completion === completion)
      .map(({id, repairs}) => [id as JobId, repairs]),
  )
}

/** By line from 1, for lines that were changed or put in: the one text that they take the place of, else stand within. */
function changedTexts(aligned: readonly (number | undefined)[], composed: readonly LineOrigin[]): Map<number, JobId> {
  const within = new Map<number, JobId>()
  for (let at = 0; at < aligned.length; at++) {
    if (aligned[at] !== undefined) continue
    const start = at
    while (at + 1 < aligned.length && aligned[at + 1] === undefined) at++
    const from = start === 0 ? 0 : (aligned[start - 1] as number) + 1
    const id = onlyText(composed, from, aligned[at + 1] ?? composed.length)
    if (id !== undefined) for (let line = start; line <= at; line++) within.set(line + 1, id)
  }
  return within
}

/** The directive whose text alone stands from one line up to another; where nothing does, around that place. */
function onlyText(composed: readonly LineOrigin[], from: number, to: number): JobId | undefined {
  const replaced = composed.slice(from, to).filter(({type}) => type !== 'between')
  const beside = [composed[from - 1], composed[to]]
  const origins = replaced.length > 0 ? replaced : beside
  const ids = new Set(origins.map((origin) => (origin?.type === 'directive' ? origin.id : undefined)))
  return ids.size === 1 ? [...ids][0] : undefined
}

function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function spansOf(origins: BookMap['origins']): Map<JobId, {start: number; end: number}> {
  const spans = new Map<JobId, {start: number; end: number}>()
  origins.forEach((origin, at) => {
    if (origin?.type !== 'directive') return
    const span = spans.get(origin.id)
    if (span === undefined) spans.set(origin.id, {start: at + 1, end: at + 1})
    else span.end = at + 1
  })
  return spans
}
