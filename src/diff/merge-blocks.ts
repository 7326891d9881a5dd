import type {Code, List, ListItem, PhrasingContent, Root, RootContent, Table, TableCell, TableRow} from 'mdast'
import {canonicalMarkdown, serialiseCanonical} from '../syntax/canonical-markdown.ts'
import {eachNode} from '../syntax/each-node.ts'
import {parseMarkdown} from '../syntax/parse-markdown.ts'
import type {AlignItem} from './align-items.ts'
import {mergeSequences, type Versions} from './merge-sequences.ts'
import {mergeLines, mergeWords} from './merge-tokens.ts'

/** A part of a text that both sides changed in ways that exclude each other. */
export interface MergeConflict {
  /** Type of the Markdown node: `paragraph`, `listItem`, `tableRow`, … */
  readonly sort: string
  /** Line of the author's text, from 1. */
  readonly line: number
  /** Markdown of each version; empty where it has no such part. */
  readonly base: string
  readonly author: string
  readonly fresh: string
}

/** A block of a text: its node, and the Markdown that it is compared by. */
export interface BlockItem extends AlignItem {
  readonly node: RootContent
  /** As it stands in its text; absent for what was merged. */
  readonly source?: string
}

interface NodeItem<Node> extends AlignItem {
  readonly node: Node
}

/** The blocks of a text, as they are compared. */
export function blocksOf(text: string): BlockItem[] {
  return parseMarkdown(text).children.map((node) => ({
    node,
    sort: node.type,
    key: blockKey(node),
    source: text.slice(node.position?.start.offset, node.position?.end.offset),
  }))
}

/** Merges Markdown blocks: unchanged ones of the base, then what each side changed, down to list items, rows, lines and words. */
export class BlockMerger {
  readonly conflicts: MergeConflict[] = []

  /** `definitions` are Markdown: all definitions of links and footnotes that words of the texts may name. */
  constructor(private readonly definitions: string) {}

  /** Merges three sequences of blocks. */
  blocks(versions: Versions<readonly BlockItem[]>): BlockItem[] {
    return mergeSequences(versions, {
      merge: (own) => this.block(own),
      conflict: (own) => this.conflict(own),
    })
  }

  private block(versions: Versions<BlockItem>): BlockItem | undefined {
    const node = this.node({base: versions.base.node, author: versions.author.node, fresh: versions.fresh.node})
    if (node !== undefined) return {node, sort: node.type, key: blockKey(node)}
    return this.refuse(versions)
  }

  /** Undefined where the block as a whole is at odds; conflicts of its parts are told one by one. */
  private node({base, author, fresh}: Versions<RootContent>): RootContent | undefined {
    if (base.type !== author.type || base.type !== fresh.type) return undefined
    switch (base.type) {
      case 'paragraph':
        return this.phrasing({base, author, fresh} as Versions<Phrasing>)
      case 'heading': {
        const depth = mergeValue({
          base: base.depth,
          author: (author as typeof base).depth,
          fresh: (fresh as typeof base).depth,
        })
        const node = this.phrasing({base, author, fresh} as Versions<Phrasing>)
        return depth === undefined || node?.type !== 'heading' ? undefined : {...node, depth}
      }
      case 'code':
        return mergeCode({base, author, fresh} as Versions<Code>)
      case 'list':
        return this.list({base, author, fresh} as Versions<List>)
      case 'table':
        return this.table({base, author, fresh} as Versions<Table>)
      case 'blockquote':
      case 'footnoteDefinition':
        return {...author, children: this.children({base, author, fresh} as Versions<Parent>)} as RootContent
      default:
        return undefined
    }
  }

  private list({base, author, fresh}: Versions<List>): List | undefined {
    const ordered = mergeValue({base: base.ordered, author: author.ordered, fresh: fresh.ordered})
    const start = mergeValue({base: base.start, author: author.start, fresh: fresh.start})
    if (ordered === undefined || start === undefined) return undefined
    const items = mergeSequences<NodeItem<ListItem>>(
      {base: listItems(base), author: listItems(author), fresh: listItems(fresh)},
      {
        merge: (own) => this.listItem(own),
        conflict: (own) => this.conflict(own),
      },
    )
    return {...author, ordered, start, children: items.map(({node}) => node)}
  }

  private listItem(versions: Versions<NodeItem<ListItem>>): NodeItem<ListItem> | undefined {
    const base = versions.base.node
    const author = versions.author.node
    const fresh = versions.fresh.node
    const checked = mergeValue({base: base.checked, author: author.checked, fresh: fresh.checked})
    if (checked === undefined) return this.refuse(versions)
    const node = {...author, checked, children: this.children({base, author, fresh})} as ListItem
    return {node, sort: 'listItem', key: itemKey(node)}
  }

  private children({base, author, fresh}: Versions<Parent>): RootContent[] {
    const items = (own: Parent): BlockItem[] =>
      own.children.map((node) => ({node, sort: node.type, key: blockKey(node)}))
    return this.blocks({base: items(base), author: items(author), fresh: items(fresh)}).map(({node}) => node)
  }

  private table({base, author, fresh}: Versions<Table>): Table | undefined {
    const widths = [base, author, fresh].map(({children}) => children[0]?.children.length)
    const align = mergeValue({
      base: JSON.stringify(base.align),
      author: JSON.stringify(author.align),
      fresh: JSON.stringify(fresh.align),
    })
    // Other columns make other rows: none of them can be told to be the same.
    if (widths.some((width) => width !== widths[0]) || align === undefined) return undefined
    const merge = (own: Versions<NodeItem<TableRow>>): NodeItem<TableRow> | undefined => this.row(own)
    const conflict = (own: Versions<readonly NodeItem<TableRow>[]>): void => this.conflict(own)
    const parts = ([start, end]: [number, number | undefined]): TableRow[] =>
      mergeSequences(
        {
          base: rowItems(base, start, end),
          author: rowItems(author, start, end),
          fresh: rowItems(fresh, start, end),
        },
        {merge, conflict},
      ).map(({node}) => node)
    const rows = [...parts([0, 1]), ...parts([1, undefined])]
    return {...author, align: JSON.parse(align) as Table['align'], children: rows}
  }

  private row(versions: Versions<NodeItem<TableRow>>): NodeItem<TableRow> | undefined {
    const {base, author, fresh} = versions
    const cells: TableCell[] = []
    for (const [at, cell] of base.node.children.entries()) {
      const own = author.node.children[at]
      const other = fresh.node.children[at]
      if (own === undefined || other === undefined) return this.refuse(versions)
      const merged = this.phrasing({base: cell, author: own, fresh: other})
      if (merged?.type !== 'tableCell') return this.refuse(versions)
      cells.push(merged)
    }
    const node = {...author.node, children: cells}
    return {node, sort: 'tableRow', key: rowKey(node)}
  }

  /** Merges words, and gives up where markup comes apart by it. */
  private phrasing<Node extends Phrasing>({base, author, fresh}: Versions<Node>): Node | undefined {
    const text = mergeWords({base: phrasingKey(base), author: phrasingKey(author), fresh: phrasingKey(fresh)})
    if (text === undefined) return undefined
    if (text === phrasingKey(author)) return author
    if (text === phrasingKey(fresh)) return fresh
    const [paragraph] = parseMarkdown(`${text}\n\n${this.definitions}`).children
    if (paragraph?.type !== 'paragraph') return undefined
    const most = Math.max(...[base, author, fresh].map((node) => looseMarks(node.children)))
    return looseMarks(paragraph.children) > most ? undefined : {...author, children: paragraph.children}
  }

  private refuse(
    versions: Versions<AlignItem & {readonly node: {readonly position?: RootContent['position']}}>,
  ): undefined {
    const {base, author, fresh} = versions
    this.conflict({base: [base], author: [author], fresh: [fresh]})
    return undefined
  }

  private conflict({
    base,
    author,
    fresh,
  }: Versions<readonly (AlignItem & {readonly node: {readonly position?: RootContent['position']}})[]>): void {
    const markdown = (items: readonly AlignItem[]): string => items.map(({key}) => key).join('\n\n')
    const sort = [...author, ...base, ...fresh][0]?.sort ?? 'paragraph'
    const line = author[0]?.node.position?.start.line ?? 1
    this.conflicts.push({sort, line, base: markdown(base), author: markdown(author), fresh: markdown(fresh)})
  }
}

type Parent = Extract<RootContent, {type: 'blockquote' | 'footnoteDefinition'}> | ListItem
type Phrasing = Extract<RootContent, {type: 'paragraph' | 'heading'}> | TableCell

/** Undefined where both sides changed a value, each in its own way. */
function mergeValue<Value>({base, author, fresh}: Versions<Value>): Value | undefined {
  if (author === fresh || fresh === base) return author
  return author === base ? fresh : undefined
}

function mergeCode({base, author, fresh}: Versions<Code>): Code | undefined {
  const lang = mergeValue({base: base.lang ?? '', author: author.lang ?? '', fresh: fresh.lang ?? ''})
  const meta = mergeValue({base: base.meta ?? '', author: author.meta ?? '', fresh: fresh.meta ?? ''})
  const value = mergeLines({base: base.value, author: author.value, fresh: fresh.value})
  if (lang === undefined || meta === undefined || value === undefined) return undefined
  return {...author, lang: lang === '' ? null : lang, meta: meta === '' ? null : meta, value}
}

function listItems(list: List): NodeItem<ListItem>[] {
  return list.children.map((node) => ({node, sort: 'listItem', key: itemKey(node)}))
}

function rowItems({children}: Table, start: number, end: number | undefined): NodeItem<TableRow>[] {
  return children.slice(start, end).map((node) => ({node, sort: 'tableRow', key: rowKey(node)}))
}

/** Markdown that is the same for blocks that differ by wrapping, or by blank lines in a list, alone. */
function blockKey(node: RootContent): string {
  const root: Root = {type: 'root', children: [structuredClone(node)]}
  eachNode(root, (own) => {
    if (own.type === 'list' || own.type === 'listItem') own.spread = false
  })
  const key = serialiseCanonical(root.children)
  // What the parser gives for raw HTML or odd nesting may take a second look to settle.
  return node.type === 'html' ? canonicalMarkdown(key, {lists: 'tight'}) : key
}

function itemKey(node: ListItem): string {
  return blockKey({type: 'list', ordered: false, children: [node]})
}

function rowKey({children}: TableRow): string {
  return `| ${children.map(phrasingKey).join(' | ')} |`
}

function phrasingKey({children}: {readonly children: readonly PhrasingContent[]}): string {
  return blockKey({type: 'paragraph', children: [...children]})
}

/** Marks of emphasis, code and links in plain text, which are pieces of markup that came apart. */
function looseMarks(children: readonly PhrasingContent[]): number {
  let count = 0
  eachNode({type: 'root', children: [{type: 'paragraph', children: [...children]}]}, (node) => {
    if (node.type === 'text') count += node.value.match(/[*_`~[\]<>]/g)?.length ?? 0
  })
  return count
}
