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
    const code = this.nodes('inlineCode').map(({value}) => value)
    return code.reduce((prose, value) => prose.replace(value, ' '), this.prose)
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

function proseOf(children: readonly RootContent[]): string {
  const lines: string[] = []
  for (const node of children) {
    if (node.type === 'code' || node.type === 'html' || node.type === 'definition') continue
    if ('children' in node && holdsBlocks(node)) lines.push(proseOf(node.children as RootContent[]))
    else lines.push(nodeText(node, {includeHtml: false}))
  }
  return lines.filter((line) => line !== '').join('\n')
}

function holdsBlocks({type}: {readonly type: string}): boolean {
  return !['paragraph', 'heading', 'tableCell'].includes(type)
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/gu

function countProseWords(prose: string): number {
  const spaced = prose.replace(unspaced, ' ')
  const words = spaced.match(/[\p{L}\p{N}]\S*/gu)?.length ?? 0
  return words + Math.ceil((prose.match(unspaced)?.length ?? 0) / 2)
}
