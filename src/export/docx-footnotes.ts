import type {DocxContext} from './docx-context.ts'
import {paragraphXml} from './docx-paragraph.ts'
import {placeLink} from './docx-phrasing.ts'
import {bookmarkXml} from './docx-places.ts'
import {DocxRelations} from './docx-relations.ts'
import {rawRun, textRun} from './docx-run.ts'
import {DocxWriter} from './docx-writer.ts'
import type {BookParts, Footnote} from './export-book.ts'

const reference = {style: 'FootnoteReference'} as const

/** The footnotes of a document, which Word numbers in the order of their calls. */
export class DocxFootnotes {
  /** Of the part that they are. */
  readonly relations = new DocxRelations()
  private readonly notes: ReadonlyMap<string, Footnote>
  private readonly numbers = new Map<string, number>()
  private readonly written: string[] = []
  /** Ids of notes that a note calls: Word has no calls in notes, so that they stand behind it. */
  private inner: string[] | undefined

  constructor({frontMatter, chapters}: BookParts) {
    const notes = [frontMatter, ...chapters].flatMap(({footnotes}) => footnotes)
    this.notes = new Map(notes.map((note) => [note.id, note]))
  }

  get isEmpty(): boolean {
    return this.written.length === 0
  }

  /** The call of a note as runs: the first writes the note, those behind it lead to the first. */
  call(id: string, context: DocxContext, width: number): string {
    const note = this.notes.get(id)
    if (note === undefined) return ''
    const known = this.numbers.get(id)
    if (known !== undefined) return placeLink(`call:${id}`, String(known), context, {raised: 'superscript'})
    if (this.inner !== undefined) {
      if (!this.inner.includes(id)) this.inner.push(id)
      return textRun('*', {raised: 'superscript'})
    }
    const number = this.numbers.size + 1
    this.numbers.set(id, number)
    this.write(note, number, context, width)
    const name = bookmarkXml(context.places.place(`call:${id}`))
    return `${name}${rawRun(`<w:footnoteReference w:id="${number}"/>`, reference)}`
  }

  /** The body of the part; namespaces are the caller's. */
  xml(): string {
    const rule = (type: string, id: number, mark: string): string =>
      `<w:footnote w:type="${type}" w:id="${id}">${paragraphXml(rawRun(mark), {style: 'FootnoteText'})}</w:footnote>\n`
    return (
      rule('separator', -1, '<w:separator/>') +
      rule('continuationSeparator', 0, '<w:continuationSeparator/>') +
      this.written.join('')
    )
  }

  private write(note: Footnote, number: number, context: DocxContext, width: number): void {
    const called: string[] = []
    this.inner = called
    const writer = new DocxWriter({...context, relations: this.relations})
    const place = {answers: 'inline' as const, indent: 0, width, depth: 0, style: 'FootnoteText', isOwn: false}
    const mark = `${rawRun('<w:footnoteRef/>', reference)}${textRun(' ')}`
    const blocks = [writer.blocks(note.children, {...place, lead: {runs: mark}})]
    for (const id of called) {
      const children = this.numbers.has(id) ? undefined : this.notes.get(id)?.children
      if (children !== undefined) blocks.push(writer.blocks(children, {...place, lead: {runs: textRun('* ')}}))
    }
    this.inner = undefined
    this.written.push(`<w:footnote w:id="${number}">${blocks.join('')}</w:footnote>\n`)
  }
}
