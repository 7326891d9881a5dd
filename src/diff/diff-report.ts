import type {SectionChange, SectionDiff} from './diff-books.ts'
import {diffTotals, sectionWords} from './diff-totals.ts'

/** All that a comparison found, as it is shown. */
export interface DiffReport {
  /** The side before and the side after, as the reader knows them. */
  readonly base: string
  readonly head: string
  readonly sections: readonly SectionDiff[]
  /** Whether the sides have several books, whose names then stand before ids. */
  readonly hasBooks: boolean
}

const names: Readonly<Record<SectionChange, string>> = {
  added: 'added',
  removed: 'removed',
  'text-changed': 'text changed',
  'prompt-changed': 'prompt changed',
  'own-text-changed': 'own text changed',
  moved: 'moved',
  reflowed: 'only reflowed',
}

/** A section's name in a report: its id, with the book's before it where there are several. */
export function sectionName(
  {book, id}: Pick<SectionDiff, 'book' | 'id'>,
  {hasBooks}: Pick<DiffReport, 'hasBooks'>,
): string {
  return hasBooks ? `${book}:${id}` : id
}

/** What happened to a section, in words. */
export function changeWords({changes, text}: Pick<SectionDiff, 'changes' | 'text'>): string {
  return changes
    .map((change) => (change === 'text-changed' && text?.change === 'rewritten' ? 'rewritten' : names[change]))
    .join(', ')
}

/** Words gained and lost: `+12 -4 words`; empty for none. */
export function wordCount(added: number, removed: number): string {
  if (added + removed === 0) return ''
  const noun = added + removed === 1 ? 'word' : 'words'
  return `${[...(added > 0 ? [`+${added}`] : []), ...(removed > 0 ? [`-${removed}`] : [])].join(' ')} ${noun}`
}

/** The words that a section gained and lost. */
export function sectionWordCount(section: SectionDiff): string {
  const {added, removed} = sectionWords(section)
  return wordCount(added, removed)
}

/** A cost in words; empty where nothing was bought. */
export function costWords(costUsd: number | null | undefined): string {
  if (costUsd === undefined || costUsd === 0) return ''
  return costUsd === null ? 'cost unknown' : `$${costUsd.toFixed(costUsd < 0.1 ? 4 : 2)}`
}

/** All changes in one line: `3 sections: 1 added, 2 text changed; +120 -30 words; cost unknown`. */
export function totalsLine({sections}: Pick<DiffReport, 'sections'>): string {
  if (sections.length === 0) return 'no differences'
  const {changes, wordsAdded, wordsRemoved, costUsd} = diffTotals(sections)
  const counts = (Object.keys(names) as SectionChange[]).flatMap((change) =>
    changes[change] === 0 ? [] : [`${changes[change]} ${names[change]}`],
  )
  const noun = sections.length === 1 ? 'section' : 'sections'
  return [`${sections.length} ${noun}: ${counts.join(', ')}`, wordCount(wordsAdded, wordsRemoved), costWords(costUsd)]
    .filter((part) => part !== '')
    .join('; ')
}

/** Sections that only moved along with a heading above them. */
interface Moves {
  readonly type: 'moves'
  /** A glob over their ids before; absent where they kept their ids and stand in another order. */
  readonly from?: string
  /** A glob over their ids. */
  readonly to: string
  readonly sections: readonly SectionDiff[]
}

/** A section that is shown by itself, or several that only moved. */
export type ReportRow = {readonly type: 'section'; readonly section: SectionDiff} | Moves

/** The sections as rows: those that follow each other and did nothing but move with one heading are one row. */
export function reportRows({sections, hasBooks}: Pick<DiffReport, 'sections' | 'hasBooks'>): ReportRow[] {
  const rows: ReportRow[] = []
  let together: {readonly moves: Omit<Moves, 'sections'>; readonly sections: SectionDiff[]} | undefined
  const close = (): void => {
    const [first, second] = together?.sections ?? []
    if (together !== undefined && second !== undefined) rows.push({...together.moves, sections: together.sections})
    else if (first !== undefined) rows.push({type: 'section', section: first})
    together = undefined
  }
  for (const section of sections) {
    const moves = movesOf(section, hasBooks)
    if (moves === undefined || moves.from !== together?.moves.from || moves.to !== together?.moves.to) close()
    if (moves === undefined) rows.push({type: 'section', section})
    else if (together === undefined) together = {moves, sections: [section]}
    else together.sections.push(section)
  }
  close()
  return rows
}

/** A section with the heading that it moved with, before and after; undefined where that is not all that happened. */
function movesOf(section: SectionDiff, hasBooks: boolean): Omit<Moves, 'sections'> | undefined {
  const {changes, from, id, book} = section
  if (changes.length > 1 || changes[0] !== 'moved') return undefined
  const was = from?.split('/') ?? []
  const is = id.split('/')
  const glob = (parts: readonly string[]): string => `${sectionName({book, id: parts.join('/')}, {hasBooks})}/**`
  if (from === undefined) return {type: 'moves', to: glob(is.slice(0, 1))}
  while (was.length > 1 && is.length > 1 && was.at(-1) === is.at(-1)) {
    was.pop()
    is.pop()
  }
  return {type: 'moves', from: glob(was), to: glob(is)}
}
