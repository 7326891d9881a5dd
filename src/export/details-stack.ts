import type {BookBlock, BookDetails, BookPhrasing} from './book-nodes.ts'
import type {Conversion} from './conversion.ts'
import {convertHtml} from './convert-phrasing.ts'
import {type HtmlToken, htmlTokens} from './html-tokens.ts'
import {phrasingText} from './plain-text.ts'

interface OpenDetails {
  readonly tag: string
  readonly isOpen: boolean
  readonly line: number | undefined
  summary: readonly BookPhrasing[]
  readonly children: BookBlock[]
}

/** Collects the blocks of one container; pairs of `<details>` in it become blocks, all other HTML text. */
export class DetailsStack {
  private readonly blocks: BookBlock[] = []
  private readonly open: OpenDetails[] = []

  constructor(private readonly conversion: Conversion) {}

  /** The block added last in the innermost details. */
  get last(): BookBlock | undefined {
    return this.current.at(-1)
  }

  add(block: BookBlock): void {
    this.current.push(block)
  }

  /** Takes a block of raw HTML. */
  takeHtml(html: string, line: number | undefined): void {
    const tokens = htmlTokens(html)
    let run: HtmlToken[] = []
    const flush = (): void => {
      this.addText(run, line)
      run = []
    }
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at] as HtmlToken
      if (token.type === 'text' || (token.name !== 'details' && token.name !== 'summary')) run.push(token)
      else if (token.name === 'details') {
        flush()
        this.takeDetails(token, line)
      } else if (!token.isClosing && this.open.length > 0) {
        flush()
        const end = tokens.findIndex((other, place) => place > at && isTag(other, 'summary', true))
        const inner = this.open.at(-1) as OpenDetails
        inner.summary = trimmed(convertHtml(tokens.slice(at + 1, end === -1 ? tokens.length : end), this.conversion))
        at = end === -1 ? tokens.length : end
      } else run.push(token)
    }
    flush()
  }

  /** All blocks; a `<details>` that nothing closes is shown as text. */
  close(): BookBlock[] {
    while (this.open.length > 0) {
      const {tag, summary, children, line} = this.open.pop() as OpenDetails
      const lead: BookPhrasing[] = [{type: 'text', value: tag}, ...summary]
      this.current.push({type: 'paragraph', children: lead, ...(line === undefined ? {} : {line})}, ...children)
    }
    return this.blocks
  }

  private get current(): BookBlock[] {
    return this.open.at(-1)?.children ?? this.blocks
  }

  private takeDetails(token: Extract<HtmlToken, {type: 'tag'}>, line: number | undefined): void {
    if (!token.isClosing) {
      this.open.push({tag: token.raw, isOpen: token.attributes.has('open'), line, summary: [], children: []})
      return
    }
    const inner = this.open.pop()
    if (inner === undefined) {
      this.addText([token], line)
      return
    }
    const {summary, isOpen, children} = inner
    const placed = inner.line === undefined ? {} : {line: inner.line}
    this.current.push({type: 'details', summary, isOpen, children, ...placed} satisfies BookDetails)
  }

  /** A run of tags and text as a paragraph; one of which nothing would be seen is none. */
  private addText(run: readonly HtmlToken[], line: number | undefined): void {
    const children = trimmed(convertHtml(run, this.conversion))
    const isSeen = phrasingText(children).trim() !== '' || children.some(({type}) => type === 'anchor')
    if (isSeen) this.current.push({type: 'paragraph', children, ...(line === undefined ? {} : {line})})
  }
}

function isTag(token: HtmlToken, name: string, isClosing: boolean): boolean {
  return token.type === 'tag' && token.name === name && token.isClosing === isClosing
}

/** Phrasing without white space at its ends; line ends within are spaces, as HTML has them. */
function trimmed(nodes: readonly BookPhrasing[]): BookPhrasing[] {
  return nodes
    .map((node, at): BookPhrasing => {
      if (node.type !== 'text') return node
      let value = node.value.replace(/\s+/g, ' ')
      if (at === 0) value = value.trimStart()
      if (at === nodes.length - 1) value = value.trimEnd()
      return {type: 'text', value}
    })
    .filter((node) => node.type !== 'text' || node.value !== '')
}
