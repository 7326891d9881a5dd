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
  | {readonly t: 'par'; readonly c: readonly PdfNode[]}
  | PdfHeading
  | PdfList
  | {readonly t: 'pre'; readonly v: string; readonly lang?: string; readonly long?: true}
  | PdfTable
  | {readonly t: 'callout'; readonly kind: string; readonly title: string; readonly c: readonly PdfNode[]}
  | {readonly t: 'quote'; readonly c: readonly PdfNode[]}
  | {readonly t: 'options'; readonly letters: readonly string[]; readonly items: readonly (readonly PdfNode[])[]}
  | {readonly t: 'entry'; readonly id?: string; readonly term: readonly PdfNode[]; readonly c: readonly PdfNode[]}
  | {readonly t: 'index'; readonly groups: readonly PdfIndexGroup[]}
  | {readonly t: 'tables'; readonly title: string}

/** A link within the book; `page` shows the number of the page instead of the words. */
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
  readonly tight: boolean
  /** Number of the first item; undefined where items are not numbered. */
  readonly start?: number
  readonly items: readonly {readonly c: readonly PdfNode[]; readonly checked?: boolean}[]
}

export interface PdfTable {
  readonly t: 'table'
  readonly id?: string
  readonly number: number
  readonly caption: string
  /** By column; `auto`, else a share of what is left. */
  readonly columns: readonly ('auto' | number)[]
  readonly align: readonly ('left' | 'right' | 'center')[]
  readonly isWide: boolean
  readonly head: readonly (readonly PdfNode[])[]
  readonly rows: readonly (readonly (readonly PdfNode[])[])[]
}

export interface PdfIndexGroup {
  readonly letter: string
  readonly entries: readonly {
    readonly label: readonly PdfNode[]
    readonly places: readonly {readonly id: string; readonly isMain: boolean}[]
  }[]
}
