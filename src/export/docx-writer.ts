import type {BookBlock, BookHeading, BookList, BookPhrasing, BookQuiz, BookTable} from './book-nodes.ts'
import {fillWords} from './book-words.ts'
import {codeRuns} from './docx-code.ts'
import type {DocxContext} from './docx-context.ts'
import {listIndent} from './docx-numbering.ts'
import {type ParagraphLook, paragraphXml} from './docx-paragraph.ts'
import {imageRuns, phrasingRuns} from './docx-phrasing.ts'
import {bookmarkXml} from './docx-places.ts'
import {answersXml, questionXml} from './docx-quiz.ts'
import {fieldRuns, textRun} from './docx-run.ts'
import {afterTable, frameXml, tableXml} from './docx-table.ts'
import type {AnswerPlace} from './lay-out-quizzes.ts'
import {ordinaryLook} from './pdf-look.ts'

/** Where blocks stand. */
export interface BlockPlace {
  readonly answers: AnswerPlace
  /** In twentieths of a point, from the margin. */
  readonly indent: number
  /** Of the room up to the other margin, from the indent. */
  readonly width: number
  /** How many lists they stand in. */
  readonly depth: number
  /** Id of the style of paragraphs; that of ordinary text where none is given. */
  readonly style?: string
  /** Whether headings are those of the book: not of what it quotes, nor of footnotes. */
  readonly isOwn: boolean
  /** Begins their first paragraph: the mark of an item, the number of a question. */
  readonly lead?: Lead
}

/** What stands before the first words of blocks. */
export interface Lead {
  /** Runs and bookmarks. */
  readonly runs: string
  readonly item?: ParagraphLook['item']
}

/** No table and no column of text is narrower. */
const leastWidth = 1440

/** Writes blocks of a book for a Word document; all text is escaped, and what stands twice has its bookmark once. */
export class DocxWriter {
  readonly context: DocxContext
  /** Quizzes since the last `takeLater` whose answers do not stand behind them. */
  private later: BookQuiz[] = []

  constructor(context: DocxContext) {
    this.context = context
  }

  /** The quizzes whose answers are still to be written, in their order. */
  takeLater(): BookQuiz[] {
    const taken = this.later
    this.later = []
    return taken
  }

  /** Blocks as paragraphs and tables; one paragraph at least where there is a lead. */
  blocks(blocks: readonly BookBlock[], place: BlockPlace): string {
    const {lead, ...rest} = place
    const [first, ...others] = blocks
    const written = (others: readonly BookBlock[]): string =>
      others
        .map((block, at) => {
          // Word would make one box of two.
          const isNextBox = isBox(block) && isBox(others[at - 1])
          return (isNextBox ? afterTable : '') + this.block(block, rest)
        })
        .join('')
    if (lead === undefined) return written(blocks)
    const carries = first !== undefined && (first.type === 'paragraph' || first.type === 'heading')
    const begin = carries ? this.block(first, place) : paragraphXml(lead.runs, this.lookOf(place, lead))
    return begin + written(carries ? others : blocks)
  }

  heading({id: key, depth, title, children}: BookHeading, place: BlockPlace): string {
    const {places} = this.context
    const name = places.place(key)
    const lead = place.lead?.runs ?? ''
    const {style: _, ...rest} = this.lookOf(place, place.lead)
    // Those in quotations are no sections.
    const look = {...rest, style: place.isOwn ? `Heading${depth}` : 'QuotedHeading'}
    if (name !== undefined && place.isOwn) places.headings.push({bookmark: name, depth, title})
    return paragraphXml(`${bookmarkXml(name)}${lead}${phrasingRuns(children, this.context)}`, look)
  }

  /** A heading that the program makes. */
  madeHeading(key: string, depth: BookHeading['depth'], title: string, place: BlockPlace): string {
    return this.heading({type: 'heading', id: key, depth, title, children: [{type: 'text', value: title}]}, place)
  }

  /** A place within another that takes from its width. */
  within(place: BlockPlace, more: number): BlockPlace {
    return {...place, indent: place.indent + more, width: Math.max(leastWidth, place.width - more)}
  }

  private lookOf({style, indent}: BlockPlace, lead?: Lead): ParagraphLook {
    const item = lead?.item
    return {indent, ...(style === undefined ? {} : {style}), ...(item === undefined ? {} : {item})}
  }

  private block(block: BookBlock, place: BlockPlace): string {
    const {context} = this
    const {words} = context
    const labelled = (label: string, look: ParagraphLook = {}): string =>
      paragraphXml(label, {...this.lookOf(place), isWithNext: true, ...look})
    switch (block.type) {
      case 'paragraph': {
        const runs = (place.lead?.runs ?? '') + phrasingRuns(block.children, context)
        return paragraphXml(runs, this.lookOf(place, place.lead))
      }
      case 'heading':
        return this.heading(block, place)
      case 'list':
        return this.list(block, place)
      case 'code':
        return paragraphXml(codeRuns(block.value, block.language), {style: 'SourceCode', indent: place.indent})
      case 'math':
        return paragraphXml(textRun(block.value, {}, true), {style: 'SourceCode', indent: place.indent})
      case 'table':
        return this.table(block, place)
      case 'blockquote': {
        const quoted = {...this.within(place, listIndent), style: 'Quote', isOwn: false, answers: 'inline' as const}
        return this.blocks(block.children, quoted)
      }
      case 'callout': {
        const title = textRun(block.title ?? words[block.kind])
        const inner = {...place, indent: 0, width: Math.max(leastWidth, place.width - listIndent)}
        const body = paragraphXml(title, {style: 'CalloutTitle'}) + this.blocks(block.children, inner)
        return frameXml(withLastParagraph(body), ordinaryLook.callouts[block.kind].slice(1), place)
      }
      case 'details': {
        const summary: readonly BookPhrasing[] =
          block.summary.length === 0 ? [{type: 'text', value: words.details}] : block.summary
        return labelled(phrasingRuns(summary, context, {isBold: true})) + this.blocks(block.children, place)
      }
      case 'thematicBreak':
        return paragraphXml('', {style: 'Rule'})
      case 'figure': {
        const {title} = block.image
        const runs = imageRuns(block.image, context)
        const caption = title === undefined ? '' : paragraphXml(textRun(title), {style: 'Caption', align: 'center'})
        const isShown = block.image.path !== undefined && context.images.has(block.image.path)
        if (!isShown) return runs === '' ? '' : paragraphXml(runs, this.lookOf(place))
        return paragraphXml(runs, {style: 'Figure', isWithNext: caption !== ''}) + caption
      }
      case 'quiz':
        return this.quiz(block, place)
    }
  }

  private list({isOrdered, start, isLoose, children}: BookList, place: BlockPlace): string {
    const {id, depth} = this.context.numbering.begin(isOrdered, place.depth, start)
    const inner = {...this.within(place, listIndent), depth: place.depth + 1}
    const style = place.style ?? (isLoose ? 'LooseList' : 'ListParagraph')
    return children
      .map(({checked, children: blocks}) => {
        const box = checked === undefined ? '' : textRun(checked ? '☑ ' : '☐ ')
        const lead = {runs: box, item: {id, depth, hanging: listIndent}}
        return this.blocks(blocks, {...inner, style, lead})
      })
      .join('')
  }

  private table(table: BookTable, place: BlockPlace): string {
    const {places, words} = this.context
    const name = places.place(table.id)
    const {number, caption} = table
    const label = (shown: string | number): string =>
      caption.trim() === '' ? `${words.table} ${shown}` : fillWords(words.tableOf, {number: shown, caption})
    if (name !== undefined && place.isOwn) places.tables.push({bookmark: name, depth: 1, title: label(number)})
    // The field by which Word makes its list of tables.
    const [before = '', ...behind] = label('\u0000').split('\u0000')
    const field = fieldRuns('SEQ Table \\* ARABIC', textRun(String(number)))
    const captionRuns = textRun(before) + field + textRun(behind.join(''))
    const above = paragraphXml(bookmarkXml(name) + captionRuns, {
      style: 'Caption',
      indent: place.indent,
      isWithNext: true,
    })
    return above + tableXml(table, this.context, place)
  }

  private quiz(quiz: BookQuiz, place: BlockPlace): string {
    const parts = quiz.parts.map((part) =>
      part.type === 'question' ? questionXml(part, this, place) : this.block(part, place),
    )
    if (place.answers !== 'inline') this.later.push(quiz)
    return `${parts.join('')}${place.answers === 'inline' ? answersXml(quiz, this, place) : ''}`
  }
}

function isBox(block: BookBlock | undefined): boolean {
  return block?.type === 'code' || block?.type === 'math'
}

/** A cell ends in a paragraph. */
function withLastParagraph(blocks: string): string {
  return /<\/w:p>\s*$/.test(blocks) ? blocks : `${blocks}${paragraphXml('', {style: 'AfterTable'})}`
}
