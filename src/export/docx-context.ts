import type {BookWords} from './book-words.ts'
import type {DocxImage, ImageRoom} from './docx-images.ts'
import type {DocxNumbering} from './docx-numbering.ts'
import type {DocxPlaces} from './docx-places.ts'
import type {DocxRelations} from './docx-relations.ts'

/** What writing a document needs to know and keeps beside the blocks. */
export interface DocxContext {
  readonly words: BookWords
  readonly places: DocxPlaces
  readonly numbering: DocxNumbering
  /** Of the part that is written: the document's, or those of its footnotes. */
  readonly relations: DocxRelations
  /** By their paths in the book. */
  readonly images: ReadonlyMap<string, DocxImage>
  readonly room: ImageRoom
  /** Gives every drawing a number of its own. */
  nextDrawing(): number
  /** The call of a footnote as runs. */
  callFootnote(id: string): string
}
