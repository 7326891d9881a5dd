import type {List, ListItem, RootContent} from 'mdast'
import type {JobId} from '../model/job.ts'
import type {Outline} from '../model/outline.ts'
import {unwrapLines} from '../syntax/canonical-markdown.ts'
import {readMarkdown} from '../syntax/parse-markdown.ts'
import {serialiseMarkdown} from '../syntax/serialise-markdown.ts'
import {closeDepthGaps, shiftHeadings} from './heading-depths.ts'
import {FootnoteLabels, isolateReferences} from './isolate-references.ts'
import {linkCitations} from './link-citations.ts'
import {placeInItem} from './place-in-item.ts'
import type {Repair} from './repair.ts'

/** The text of one directive, to be placed. */
export interface SectionText {
  readonly id: JobId
  /** Markdown whose top headings stand at depth 1. */
  readonly text: string
  /** Depth at which those headings stand in the book. */
  readonly depth: number
}

/** What decides how a text is written into its place, beside the place itself. */
export interface FormOptions {
  readonly listItemHeadings?: 'bold' | 'keep'
  /** Numbers of the bibliography that texts may cite; default none. */
  readonly numbers?: ReadonlySet<number>
}

/** Blocks as they are written where no list stands beside them. */
export interface SerialisedBlocks {
  readonly markdown: string
  /** Types of the first and the last block; undefined where there is none. */
  readonly first: RootContent['type'] | undefined
  readonly last: RootContent['type'] | undefined
  /** Whether there is one paragraph and nothing else. */
  readonly isParagraph: boolean
  /** The blocks themselves, for another style of writing. */
  children(): readonly RootContent[]
}

/** A text as it goes into its place: blocks, or items beside each other. */
export type SectionForm = {
  readonly repairs: readonly Repair[]
  /** Numbers of the bibliography that it cites, rising. */
  readonly cited: readonly number[]
} & (
  | {readonly type: 'blocks'; readonly blocks: SerialisedBlocks}
  | {readonly type: 'items'; readonly items: readonly string[]}
)

/** The form of the text of the directive of that number. `labels` are those of the texts before it. */
export function makeForm(
  outline: Outline,
  number: number,
  section: SectionText,
  labels: FootnoteLabels,
  {listItemHeadings, numbers}: FormOptions,
): SectionForm {
  const {indent, isAlone} = outline.placements[number] as Outline['placements'][number]
  const root = readMarkdown(section.text)
  isolateReferences(root, section.id, labels)
  const cited = numbers === undefined || numbers.size === 0 ? [] : linkCitations(root, numbers)
  unwrapLines(root)
  closeDepthGaps(root)
  const isInItem = indent !== ''
  const keepsHeadings = !isInItem || listItemHeadings === 'keep'
  const repairs = keepsHeadings ? shiftHeadings(root, section.depth - 1) : []
  const content = isInItem
    ? placeInItem(root, {isAlone, ...(listItemHeadings === undefined ? {} : {headings: listItemHeadings})})
    : ({type: 'blocks', children: root.children} as const)
  if (content.type === 'items') return {type: 'items', items: content.items.map(serialiseItem), repairs, cited}
  const {children} = content
  const first = children[0]?.type
  const blocks = {
    markdown: serialiseMarkdown(children),
    first,
    last: children.at(-1)?.type,
    isParagraph: children.length === 1 && first === 'paragraph',
    children: () => children,
  }
  return {type: 'blocks', blocks, repairs, cited}
}

/** Content of a list item as it stands behind its marker, lines after the first without indentation. */
function serialiseItem(item: ListItem): string {
  const list: List = {type: 'list', ordered: false, spread: item.spread ?? false, children: [item]}
  const text = serialiseMarkdown([list])
  return text.slice(2).replace(/\n {2}/g, '\n')
}

/**
 * Forms that are made before the book is put together, each as its text arrives. Texts with footnotes are left out: what
 * theirs are called depends on the texts before them.
 */
export class PreparedForms {
  private readonly forms = new Map<JobId, {readonly section: SectionText; readonly form: SectionForm}>()
  private readonly numbers: ReadonlyMap<JobId, number>

  /** `ids` are those of the outline's directives, in its order. */
  constructor(
    private readonly outline: Outline,
    ids: Iterable<JobId>,
    private readonly options: FormOptions,
  ) {
    this.numbers = new Map([...ids].map((id, number) => [id, number]))
  }

  prepare(section: SectionText): void {
    const number = this.numbers.get(section.id)
    if (number === undefined || section.text.includes('[^') || this.find(section) !== undefined) return
    const make = (): SectionForm => makeForm(this.outline, number, section, new FootnoteLabels([]), this.options)
    const made = make()
    // Its tree is made once more in the rare case that it is written in another style: all of them would fill the memory.
    const form = made.type === 'items' ? made : {...made, blocks: {...made.blocks, children: () => childrenOf(make())}}
    this.forms.set(section.id, {section, form})
  }

  /** The form that was made of this very text. */
  find({id, text, depth}: SectionText): SectionForm | undefined {
    const known = this.forms.get(id)
    return known?.section.text === text && known.section.depth === depth ? known.form : undefined
  }
}

function childrenOf(form: SectionForm): readonly RootContent[] {
  return form.type === 'items' ? [] : form.blocks.children()
}
