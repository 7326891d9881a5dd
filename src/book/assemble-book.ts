import type {Bibliography} from '../model/bibliography.ts'
import type {PromptDirective} from '../model/directive.ts'
import type {JobId} from '../model/job.ts'
import type {Outline, Placement, SourceEdit} from '../model/outline.ts'
import {type BookBibliography, bibliographyLines} from './book-bibliography.ts'
import {BookWriter, type KeptPlace} from './book-writer.ts'
import {FootnoteLabels} from './isolate-references.ts'
import type {Repair} from './repair.ts'
import {type FormOptions, makeForm, type PreparedForms, type SectionForm, type SectionText} from './section-form.ts'

export interface AssembleOptions extends Pick<FormOptions, 'listItemHeadings'> {
  /** Changes of the author's own text, such as paths that are relative to the book instead of the outline. */
  readonly edits?: readonly SourceEdit[]
  /** Forms that were made before; default none. */
  readonly forms?: PreparedForms
  /** The numbered sources that texts may cite. */
  readonly bibliography?: Bibliography
  /** Language of the book, as a BCP 47 tag. */
  readonly language?: string
}

/** Lines of the book that a directive's text takes up, counted from 1, both included. */
export interface LineSpan {
  readonly start: number
  readonly end: number
}

/** A piece of the author's own text; without an offset where an edit put it into the outline's text. */
export interface KeptPiece {
  readonly text: string
  /** Where it stands in the outline's source. */
  readonly offset?: number
}

/** The author's own text before a directive or behind the last one, and where it stands in the book. */
export interface KeptStretch {
  readonly pieces: readonly KeptPiece[]
  /** Undefined where none of it reached the book. */
  readonly place: KeptPlace | undefined
}

export interface AssembledBook {
  readonly markdown: string
  readonly lines: ReadonlyMap<JobId, LineSpan>
  /** Characters of the author's that stand before a text on its first line. */
  readonly columns: ReadonlyMap<JobId, number>
  /** What placing had to change of a text; only of those where there was something. */
  readonly repairs: ReadonlyMap<JobId, readonly Repair[]>
  /** One before each directive and one behind the last. */
  readonly kept: readonly KeptStretch[]
  /** Numbers of the bibliography that each text cites, rising; only of those that cite any. */
  readonly citations: ReadonlyMap<JobId, readonly number[]>
  /** Absent where nothing is cited. */
  readonly bibliography?: BookBibliography
}

/**
 * The book: the outline's own text as it stands, with every directive replaced by its text (the book, B1, B3, B4).
 * `texts` has the same index as the outline's directives. The same input always gives the same bytes.
 */
export function assembleBook(
  outline: Outline,
  texts: readonly SectionText[],
  options: AssembleOptions = {},
): AssembledBook {
  const edits = [...outline.edits, ...(options.edits ?? [])].sort((a, b) => a.start - b.start || a.end - b.end)
  const writer = new BookWriter()
  const labels = new FootnoteLabels(outline.footnoteLabels)
  const lines = new Map<JobId, LineSpan>()
  const columns = new Map<JobId, number>()
  const repairs = new Map<JobId, readonly Repair[]>()
  const own = new KeptText(outline.source, edits)
  const kept: KeptStretch[] = []
  const citations = new Map<JobId, readonly number[]>()
  const numbers = new Set(options.bibliography?.entries.map(({number}) => number))
  const keepUpTo = (end: number): void => {
    const pieces = own.upTo(end)
    kept.push({pieces, place: writer.keep(joinPieces(pieces))})
  }
  outline.placements.forEach((placement, number) => {
    const section = texts[number] as SectionText
    keepUpTo(placement.start)
    own.skipTo(placement.end)
    writer.next = own.peekLine()
    const {repairs: made, cited} = writeSection(writer, outline, number, section, labels, {...options, numbers})
    if (cited.length > 0) citations.set(section.id, cited)
    if (made.length > 0) repairs.set(section.id, made)
    lines.set(section.id, writer.lastSpan)
    columns.set(section.id, writer.lastColumn)
  })
  keepUpTo(outline.source.length)
  const made = {lines, columns, repairs, kept, citations}
  const text = writer.finish()
  const cited = options.bibliography === undefined ? [] : citedNumbers(text, numbers)
  if (options.bibliography === undefined || cited.length === 0) return {...made, markdown: text}
  const whole = text.trim() === '' ? '' : `${text}\n`
  const listed = bibliographyLines(options.bibliography, cited, outline.sections, options.language)
  const bibliography = {line: whole.split('\n').length, numbers: cited}
  return {...made, markdown: `${whole}${listed.join('\n')}\n`, bibliography}
}

/** Numbers that links of a book name, the author's own links among them, rising. */
function citedNumbers(markdown: string, numbers: ReadonlySet<number>): readonly number[] {
  const found = [...markdown.matchAll(/\(#source-(\d{1,5})\)/g)].map((match) => Number(match[1]))
  return [...new Set(found)].filter((number) => numbers.has(number)).sort((one, other) => one - other)
}

function joinPieces(pieces: readonly KeptPiece[]): string {
  return pieces
    .map(({text}) => text)
    .join('')
    .replace(/\r\n?/g, '\n')
}

function writeSection(
  writer: BookWriter,
  outline: Outline,
  number: number,
  section: SectionText,
  labels: FootnoteLabels,
  options: Pick<AssembleOptions, 'forms'> & FormOptions,
): SectionForm {
  const form = options.forms?.find(section) ?? makeForm(outline, number, section, labels, options)
  const {indent, marker, labelEnd} = outline.placements[number] as Placement
  const {container} = outline.directives[number] as PromptDirective
  if (form.type === 'items') {
    writer.writeItems(form.items, marker ?? `${indent.slice(2)}- `, indent)
    return form
  }
  const {markdown, isParagraph} = form.blocks
  if (container === 'labelled' && labelEnd !== undefined && isParagraph) writer.writeInline(markdown, indent)
  else writer.writeBlocks(form.blocks, indent, {isTight: indent !== '' && isParagraph})
  return form
}

/** The outline's own text between the directives, with edits applied. Offsets rise. */
class KeptText {
  private at = 0
  private nextEdit = 0

  constructor(
    private readonly source: string,
    private readonly edits: readonly SourceEdit[],
  ) {}

  upTo(end: number): KeptPiece[] {
    const pieces: KeptPiece[] = []
    for (
      let edit = this.edits[this.nextEdit];
      edit !== undefined && edit.start < end;
      edit = this.edits[this.nextEdit]
    ) {
      this.nextEdit++
      if (edit.start < this.at) continue
      pieces.push({text: this.source.slice(this.at, edit.start), offset: this.at}, {text: edit.text})
      this.at = edit.end
    }
    if (end > this.at) pieces.push({text: this.source.slice(this.at, end), offset: this.at})
    this.at = Math.max(this.at, end)
    if (this.at >= this.source.length) pieces.push(...this.editsAtEnd())
    return pieces
  }

  skipTo(offset: number): void {
    this.at = Math.max(this.at, offset)
    while ((this.edits[this.nextEdit]?.start ?? Number.POSITIVE_INFINITY) < offset) this.nextEdit++
  }

  /** The next line that is not blank, up to 200 characters of it. */
  peekLine(): string {
    const match = /[^\r\n]*\S[^\r\n]{0,200}/.exec(this.source.slice(this.at, this.at + 2000))
    return match?.[0] ?? ''
  }

  private editsAtEnd(): KeptPiece[] {
    const rest = this.edits.slice(this.nextEdit).filter((edit) => edit.start >= this.source.length)
    this.nextEdit = this.edits.length
    return rest.map(({text}) => ({text}))
  }
}
