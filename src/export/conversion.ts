import type {Definition, FootnoteDefinition} from 'mdast'
import type {BookImage, LinkTarget} from './book-nodes.ts'
import type {ExportFinding} from './export-book.ts'
import type {FootnoteNumbers} from './footnote-numbers.ts'
import type {HeadingFacts} from './number-headings.ts'
import type {UniqueIds} from './unique-ids.ts'

/** What turning a tree of Markdown into a book's nodes needs to know beside the tree; shared by all its steps. */
export interface Conversion {
  readonly headings: ReadonlyMap<object, HeadingFacts>
  readonly definitions: ReadonlyMap<string, Definition>
  readonly footnotes: ReadonlyMap<string, FootnoteDefinition>
  readonly numbers: FootnoteNumbers
  readonly ids: UniqueIds
  readonly findings: ExportFinding[]
  /** Tables so far. */
  tableCount: number
  /** Anchors of HTML so far whose ends are still to come. */
  openAnchors: number
  /** Title of the nearest heading, for captions. */
  headingTitle: string
  /** Whether an anchor of the author's is to stand here: one that is free, the first time. */
  placeAnchor(id: string): boolean
  /** Reports where a link leads; undefined for one that is not to be followed. */
  resolveLink(url: string, line: number | undefined): LinkTarget | undefined
  resolveImage(image: {url: string; alt: string; title?: string}, line: number | undefined): BookImage
}
