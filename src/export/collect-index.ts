import type {DirectiveKind} from '../model/job.ts'
import {PhraseIndex} from '../syntax/phrase-index.ts'
import {termWords} from '../syntax/term-words.ts'
import {wordsOf} from '../syntax/words-of.ts'
import type {BookBlock, BookPhrasing} from './book-nodes.ts'
import {termOrder} from './collect-glossary.ts'
import type {BookPlace, IndexEntry} from './export-book.ts'
import {eachBlock} from './map-book.ts'
import {blockText} from './plain-text.ts'
import {readDefinition} from './read-definition.ts'

/** The text of a section up to the next heading, whatever that one's depth. */
export interface IndexedSection {
  readonly place: BookPlace
  readonly kind: DirectiveKind | undefined
  readonly blocks: readonly BookBlock[]
}

/** Places of a term at most; those where it is defined come first. */
const mostPlaces = 8
/** Most words of a term. */
const mostWords = 5
/** Most words of a term that no section of key terms has: longer ones lead a point and are not looked up. */
const mostSpokenWords = 3
/** Sections that name terms and say nothing of them. */
const silent: ReadonlySet<DirectiveKind | undefined> = new Set([
  'quiz',
  'objectives',
  'cross-reference',
  'further-exploration',
  'reflection',
])

interface OpenEntry {
  readonly term: string
  readonly label: readonly BookPhrasing[]
  /** Whether a section of key terms has it. */
  isKey: boolean
  readonly main: Map<string, BookPlace>
  readonly used: Map<string, BookPlace>
}

/**
 * The back-of-book index: key terms, and short ones that are defined elsewhere and come up again, with the sections that
 * define and use them. Its time grows
 * with the book and not with the number of terms.
 */
export function collectIndex(sections: readonly IndexedSection[], language: string): IndexEntry[] {
  const entries = new Map<string, OpenEntry>()
  const spoken = sections.filter(({kind}) => !silent.has(kind))
  for (const {place, kind, blocks} of spoken) {
    for (const {term, label} of definedTerms(blocks)) {
      const words = termWords(wordsOf(term))
      if (words.length === 0 || words.length > mostWords) continue
      const key = words.join(' ')
      const entry = entries.get(key) ?? {term, label, isKey: false, main: new Map(), used: new Map()}
      entry.isKey ||= kind === 'key-terms'
      entry.main.set(place.id, place)
      entries.set(key, entry)
    }
  }
  const phrases = new PhraseIndex<OpenEntry>()
  for (const [key, entry] of entries) phrases.add(key.split(' '), entry)
  for (const {place, blocks} of spoken) {
    phrases.find(termWords(wordsOf(blockText(blocks))), ({main, used}) => {
      if (used.size < mostPlaces && !main.has(place.id)) used.set(place.id, place)
    })
  }
  const isLookedUp = ({term, isKey, main, used}: OpenEntry): boolean =>
    isKey || (wordsOf(term).length <= mostSpokenWords && main.size + used.size > 1)
  const shown = [...entries.values()].filter(isLookedUp)
  return shown.sort(termOrder(language)).map(({term, label, main, used}) => ({
    term,
    label,
    places: [...main.values()]
      .map((place) => ({...place, isMain: true}))
      .concat([...used.values()].map((place) => ({...place, isMain: false})))
      .slice(0, mostPlaces),
  }))
}

function definedTerms(
  blocks: readonly BookBlock[],
): {readonly term: string; readonly label: readonly BookPhrasing[]}[] {
  const found: {readonly term: string; readonly label: readonly BookPhrasing[]}[] = []
  eachBlock(blocks, (block) => {
    const definition = block.type === 'paragraph' ? readDefinition(block.children) : undefined
    if (definition !== undefined) found.push(definition)
  })
  return found
}
