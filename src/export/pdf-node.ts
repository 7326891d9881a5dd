/**
 * What the template of a PDF draws. Names are short, since the whole tree goes to the typesetter as JSON; `t` says what
 * a node is, `c` holds what is in it.
 */
export type PdfNode =
  | {readonly t: 'text' | 'long' | 'code' | 'longcode'; readonly v: string}
  | {readonly t: 'em' | 'strong' | 'del' | 'sub' | 'sup' | 'kbd' | 'mark' | 'group'; readonly c: readonly PdfNode[]}
  | {readonly t: 'br' | 'hr'}
  | {readonly t: 'link'; readonly url: string; readonly c: readonly PdfNode[]; readonly note?: true}
  | PdfReference
  | {readonly t: 'image' | 'figure'; readonly src: string; readonly alt: string; readonly title?: string}
  | {readonly t: 'note'; readonly id: string; readonly c: readonly PdfNode[]}
  | {readonly t: 'anchor'; readonly id: string}
  | {readonly t: 'math' | 'mathblock'; readonly tex: string}
  | PdfParagraph
  | PdfHeading
  | PdfList
  | PdfCode
  | PdfTable
  | {
      readonly t: 'callout'
      readonly kind: string
      readonly title: string
      readonly whole?: true
      readonly c: readonly PdfNode[]
    }
  | {readonly t: 'quote'; readonly c: readonly PdfNode[]}
  | {
      readonly t: 'options'
      readonly whole?: true
      readonly letters: readonly string[]
      readonly items: readonly (readonly PdfNode[])[]
    }
  | {readonly t: 'glossary'; readonly entries: readonly PdfEntry[]}
  | {readonly t: 'index'; readonly groups: readonly PdfIndexGroup[]}

export interface PdfParagraph {
  readonly t: 'par'
  readonly c: readonly PdfNode[]
  /** Whether what comes next stands on the same page. */
  readonly leads?: true
}

export interface PdfCode {
  readonly t: 'pre'
  readonly v: string
  readonly lang?: string
  /** Whether its lines are drawn, and have to meet. */
  readonly drawn?: true
  /** Whether a line may be wider than the page and hold options such as `--name`, which stay whole. */
  readonly options?: true
  /** Whether it has words that are nearly as wide as the page. */
  readonly long?: true
  /** Whether it is short enough for one page. */
  readonly whole?: true
}

/** A link within the book; `page` shows the number of the page in the place of `{page}` in its words. */
export interface PdfReference {
  readonly t: 'ref' | 'page'
  readonly id: string
  readonly c: readonly PdfNode[]
}

export interface PdfHeading {
  readonly t: 'heading'
  readonly level: number
  readonly id?: string
  /** `false` for those that the table of contents leaves out. */
  readonly listed?: false
  readonly c: readonly PdfNode[]
}

export interface PdfList {
  readonly t: 'list'
  /** Whether it stands in no other list. */
  readonly outer?: true
  readonly tight: boolean
  /** Number of the first item; undefined where items are not numbered. */
  readonly start?: number
  readonly items: readonly {readonly c: readonly PdfNode[]; readonly checked?: boolean}[]
}

export interface PdfTable {
  readonly t: 'table'
  readonly id?: string
  readonly caption: string
  /** By column; `auto`, else a share of what is left. */
  readonly columns: readonly ('auto' | number)[]
  readonly align: readonly ('left' | 'right' | 'center')[]
  readonly isWide: boolean
  /** Whether it is short enough for one page. */
  readonly whole?: true
  readonly head: readonly (readonly PdfNode[])[]
  readonly rows: readonly (readonly (readonly PdfNode[])[])[]
}

/** A term with what is said of it, and the places where that is said. */
export interface PdfEntry {
  readonly id?: string
  readonly term: readonly PdfNode[]
  readonly said: readonly {readonly place?: string; readonly c: readonly PdfNode[]}[]
}

export interface PdfIndexGroup {
  readonly letter: string
  readonly entries: readonly {
    readonly label: readonly PdfNode[]
    readonly places: readonly {readonly id: string; readonly isMain: boolean}[]
  }[]
}
