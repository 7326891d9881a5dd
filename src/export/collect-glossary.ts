import {wordsOf} from '../syntax/words-of.ts'
import type {BookBlock, BookListItem, BookPhrasing} from './book-nodes.ts'
import type {BookPlace, GlossaryEntry} from './export-book.ts'
import {phrasingText} from './plain-text.ts'
import {type Definition, readDefinition} from './read-definition.ts'
import type {UniqueIds} from './unique-ids.ts'

/** A definition with the section it stands in. */
export interface PlacedDefinition extends Definition {
  readonly place: BookPlace
}

/** The definitions of a key-terms section: of list items, paragraphs, tables and headings, in their order. */
export function definitionsIn(blocks: readonly BookBlock[]): Definition[] {
  const found: Definition[] = []
  blocks.forEach((block, at) => {
    const next = blocks[at + 1]
    if (block.type === 'paragraph') pushIf(found, readDefinition(block.children))
    else if (block.type === 'list') for (const item of block.children) found.push(...itemDefinitions(item))
    else if (block.type === 'table')
      found.push(...block.rows.flatMap(([term = [], said = []]) => cellDefinition(term, said)))
    else if (block.type === 'heading' && next?.type === 'paragraph' && readDefinition(next.children) === undefined)
      found.push({term: block.title, label: block.children, children: next.children})
    else if (block.type === 'callout' || block.type === 'blockquote') found.push(...definitionsIn(block.children))
  })
  return found
}

function itemDefinitions({children}: BookListItem): Definition[] {
  const [first, second] = children
  if (first?.type !== 'paragraph') return definitionsIn(children)
  const own = readDefinition(first.children)
  if (own !== undefined) return [own, ...definitionsIn(children.slice(1))]
  // A term alone, with what is said of it in the next paragraph.
  const [only] = first.children
  const isTerm = first.children.length === 1 && (only?.type === 'strong' || only?.type === 'inlineCode')
  if (isTerm && second?.type === 'paragraph') {
    return [...cellDefinition(first.children, second.children), ...definitionsIn(children.slice(2))]
  }
  return definitionsIn(children.slice(1))
}

function cellDefinition(term: readonly BookPhrasing[], said: readonly BookPhrasing[]): Definition[] {
  const [only] = term
  const text = phrasingText(term).trim().replace(/:$/, '')
  if (text === '' || phrasingText(said).trim() === '') return []
  const isMarked = term.length === 1 && only?.type === 'strong' && !text.endsWith(':')
  return [{term: text, label: isMarked ? only.children : term, children: said}]
}

function pushIf(found: Definition[], definition: Definition | undefined): void {
  if (definition !== undefined) found.push(definition)
}

/** Definitions of the same term as one entry, in the order of a language. */
export function makeGlossary(
  definitions: readonly PlacedDefinition[],
  language: string,
  ids: UniqueIds,
): GlossaryEntry[] {
  const entries = new Map<string, {term: string; label: readonly BookPhrasing[]; said: Map<string, PlacedDefinition>}>()
  for (const definition of definitions) {
    const key = wordsOf(definition.term).join(' ') || definition.term
    const entry = entries.get(key) ?? {term: definition.term, label: definition.label, said: new Map()}
    const said = wordsOf(phrasingText(definition.children)).join(' ')
    if (!entry.said.has(said)) entry.said.set(said, definition)
    entries.set(key, entry)
  }
  const compare = termOrder(language)
  return [...entries.values()].sort(compare).map(({term, label, said}) => ({
    id: ids.take(`term-${wordsOf(term).join('-') || 'sign'}`),
    term,
    label: movable(label),
    definitions: [...said.values()].map(({place, children}) => ({place, children: movable(children)})),
  }))
}

/** Compares terms as a dictionary of the language does; the same order on every machine for terms that differ. */
export function termOrder(language: string): (a: {readonly term: string}, b: {readonly term: string}) => number {
  const collator = new Intl.Collator(language, {sensitivity: 'base', ignorePunctuation: true, numeric: true})
  return (a, b) => collator.compare(a.term, b.term) || (a.term < b.term ? -1 : a.term > b.term ? 1 : 0)
}

/** Phrasing that may stand a second time, elsewhere: without calls of footnotes and anchors. */
function movable(nodes: readonly BookPhrasing[]): BookPhrasing[] {
  return nodes
    .filter(({type}) => type !== 'footnoteReference' && type !== 'anchor')
    .map((node) => ('children' in node ? {...node, children: movable(node.children)} : node))
}
