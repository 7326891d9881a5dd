import type {Nodes, Parents, PhrasingContent, Root} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import type {Position} from 'unist'
import {eachNode} from '../syntax/each-node.ts'
import {readLinks} from '../syntax/read-links.ts'
import {wordsOf} from '../syntax/words-of.ts'
import {fenceLanguage} from './checked-text.ts'

/** Something that a text holds, with its place where the tree has places. */
interface Fact {
  readonly place: Position | undefined
}

/** What the checks over a whole book look at in one text; lists are in the text's order. */
export interface TextContents {
  readonly headings: readonly (Fact & {readonly title: string})[]
  readonly links: readonly (Fact & {readonly url: string; readonly isImage: boolean})[]
  /** Ids that HTML gives. */
  readonly anchors: readonly string[]
  readonly codes: readonly (Fact & {readonly language: string; readonly code: string})[]
  /** Bold or code at the beginning of a block, as definitions have it. */
  readonly leads: readonly (Fact & {readonly text: string})[]
  /** What is set off; `isPart` where the words beside it call it a chapter or a section. */
  readonly names: readonly (Fact & {readonly text: string; readonly isPart: boolean})[]
  /** Prose as words: paragraphs, headings and cells; code blocks and quotes left out. */
  readonly prose: readonly (Fact & {readonly text: string; readonly isParagraph: boolean})[]
}

export type FactList = Exclude<keyof TextContents, 'anchors'>

/** Reads the contents of a text. The same text gives the same lists, whether its tree has places or not. */
export function readTextContents(root: Root): TextContents {
  const headings: TextContents['headings'][number][] = []
  const codes: TextContents['codes'][number][] = []
  const leads: TextContents['leads'][number][] = []
  const names: TextContents['names'][number][] = []
  const prose: TextContents['prose'][number][] = []
  const {links, anchors} = readLinks(root)
  eachNode(root, (node, at, parent) => {
    const place = node.position ?? parent.position
    if (node.type === 'heading') {
      const title = nodeText(node, {includeHtml: false}).replace(/\s+/g, ' ').trim()
      headings.push({title, place})
      prose.push({text: title, isParagraph: false, place})
    } else if (node.type === 'code') codes.push({language: fenceLanguage(node.lang), code: node.value, place})
    else if (node.type === 'paragraph' || node.type === 'tableCell') {
      const lead = node.type === 'paragraph' ? leadOf(node.children) : firstCell(node, at, parent)
      if (lead !== undefined) leads.push({text: lead, place})
      prose.push({text: proseOf(node.children), isParagraph: node.type === 'paragraph', place})
    } else if (node.type === 'strong' || node.type === 'emphasis' || node.type === 'link')
      names.push({text: nodeText(node), isPart: isCalledPart(parent.children[at - 1], parent.children[at + 1]), place})
    else if (node.type === 'blockquote') return at + 1
    return undefined
  })
  return {headings, links, anchors, codes, leads, names, prose}
}

/** Whether the text before a node or behind it says that it names a part of this book. */
function isCalledPart(before: Nodes | undefined, behind: Nodes | undefined): boolean {
  const lead = before?.type === 'text' ? before.value : ''
  const rest = behind?.type === 'text' ? behind.value : ''
  return /\b(?:chapter|section) ?["“‘']?$/i.test(lead) || /^["”’']? (?:chapter|section)\b(?! (?:of|in)\b)/i.test(rest)
}

/** Text of a bold or coded beginning: `**Term**: definition`. */
function leadOf(children: readonly PhrasingContent[]): string | undefined {
  const [first, second] = children
  if (first?.type !== 'strong' && first?.type !== 'inlineCode') return undefined
  const text = nodeText(first).trim()
  const isDefined = /[:.]$/.test(text) || (second?.type === 'text' && /^\s*(?:\([^)]*\)\s*)?[:–—-]/.test(second.value))
  return isDefined ? text.replace(/[:.]$/, '') : undefined
}

/** The first cell of a row of a table's body. */
function firstCell(cell: Nodes, at: number, row: Parents): string | undefined {
  return at === 0 && row.type === 'tableRow' ? nodeText(cell) : undefined
}

/** Text of a block; links in brackets are citations and are left out. */
function proseOf(children: readonly PhrasingContent[]): string {
  return children
    .map((child, at) => {
      const before = children[at - 1]
      const isCitation =
        (child.type === 'link' || child.type === 'linkReference') &&
        before?.type === 'text' &&
        /[([;,]\s*$/.test(before.value)
      return isCitation || child.type === 'footnoteReference' ? '' : nodeText(child, {includeHtml: false})
    })
    .join('')
    .replace(/\((?:[\s;,]|and)*\)/g, '')
}

/** Words of a text's prose, in order. */
export function proseWords({prose}: TextContents): string[] {
  return prose.flatMap(({text}) => wordsOf(text))
}
