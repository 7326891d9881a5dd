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
  if (present === undefined) return {standing: 'absent', lines: [], origins: [], spans: new Map(), repairs: noted}
  const {book} = composeBook(loaded, texts, config)
  const composed = mapSources(loaded.outline, sectionTexts(loaded, texts), book, noted)
  const text = normaliseLineEnds(present)
  const lines = linesOf(text)
  const isSame = text === book.markdown
  const origins = isSame
    ? composed.lines
    : alignLines(linesOf(book.markdown), lines).map((from) => (from === undefined ? undefined : composed.lines[from]))
  const isWritten = manifest !== undefined && isBookAsWritten(text, manifest)
  const standing = isSame ? 'same' : isWritten ? 'older' : 'edited'
  return {standing, lines, origins, spans: spansOf(origins), repairs: composed.repairs}
}

/** The repairs on record of the texts that stand; a row that was written of another text says nothing of this one. */
function notedRepairs(texts: BookPlan['texts'], manifest: Manifest | undefined): NotedRepairs {
  const rows = manifest?.directives ?? []
  return new Map(
    rows
      .filter(({id, completion}) => texts.get(id as JobId)?.file.record?.completion === completion)
      .map(({id, repairs}) => [id as JobId, repairs ?? []]),
  )
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
