import type {Nodes, Parents, Root, RootContent} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import {eachNode} from '../syntax/each-node.ts'
import {readMarkdown} from '../syntax/parse-markdown.ts'
import type {TextFacts} from './contract.ts'

type NodeOf<Type extends Nodes['type']> = Extract<Parents['children'][number], {type: Type}>

/** A section's text as contracts look at it; what several of them need is read once, and only when one asks. */
export class CheckedText {
  private tree: Root | undefined
  private byType: Map<string, Nodes[]> | undefined
  private spoken: string | undefined
  private words: number | undefined

  constructor(
    readonly source: string,
    readonly facts: TextFacts = {},
  ) {}

  get root(): Root {
    this.tree ??= readMarkdown(this.source)
    return this.tree
  }

  /** Nodes of a type anywhere in the text, in its order. */
  nodes<Type extends Nodes['type']>(type: Type): readonly NodeOf<Type>[] {
    if (this.byType === undefined) {
      const byType = new Map<string, Nodes[]>()
      eachNode(this.root, (node) => {
        const known = byType.get(node.type)
        if (known === undefined) byType.set(node.type, [node])
        else known.push(node)
      })
      this.byType = byType
    }
    return (this.byType.get(type) ?? []) as unknown as readonly NodeOf<Type>[]
  }

  /** What a reader reads outside blocks of code and HTML, a line per block. */
  get prose(): string {
    this.spoken ??= proseOf(this.root.children)
    return this.spoken
  }

  /** The prose without its inline code, which shows marks and does not use them. */
  get proseWithoutCode(): string {
    const {prose} = this
    const pieces: string[] = []
    let at = 0
    for (const {value} of this.nodes('inlineCode')) {
      const start = prose.indexOf(value, at)
      if (start === -1) continue
      pieces.push(prose.slice(at, start))
      at = start + value.length
    }
    return [...pieces, prose.slice(at)].join(' ')
  }

  /** Number of words outside blocks of code; in scripts without spaces, of characters halved. */
  get wordCount(): number {
    this.words ??= countProseWords(this.prose)
    return this.words
  }
}

/** Language of a fence in lower case: of `{.json}` of Pandoc and `json,ignore` of Rust's documentation too. */
export function fenceLanguage(lang: string | null | undefined): string {
  return /[\w+#-]+/.exec(lang ?? '')?.[0].toLowerCase() ?? ''
}

function proseOf(blocks: readonly RootContent[]): string {
  const lines: string[] = []
  addLines(blocks, lines)
  return lines.join('\n')
}

function addLines(blocks: readonly RootContent[], lines: string[]): void {
  for (const node of blocks) {
    if (node.type === 'code' || node.type === 'html' || node.type === 'definition') continue
    if (node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell' || !('children' in node)) {
      const line = nodeText(node, {includeHtml: false})
      if (line !== '') lines.push(line)
    } else addLines(node.children, lines)
  }
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/gu

function countProseWords(prose: string): number {
  // Most texts have none but Latin letters and typographic marks, which is told in a fraction of the time.
  if (!/[^\0-\u024f\u2000-\u2bff]/.test(prose)) return prose.match(/[\da-zà-öø-ɏ]\S*/gi)?.length ?? 0
  const spaced = prose.replace(unspaced, ' ')
  const words = spaced.match(/[\p{L}\p{N}]\S*/gu)?.length ?? 0
  return words + Math.ceil((prose.match(unspaced)?.length ?? 0) / 2)
}
