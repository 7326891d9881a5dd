import {type SectionChange, type SectionDiff, sectionChanges} from './diff-books.ts'

/** What all changes come to. */
export interface DiffTotals {
  /** Sections by what happened to them; one may be counted several times. */
  readonly changes: Readonly<Record<SectionChange, number>>
  readonly wordsAdded: number
  readonly wordsRemoved: number
  /** What the texts that are new cost; null where the price of one is not known. */
  readonly costUsd: number | null
}

/** Sums up the sections that changed. Words of prompts are none of the book's and do not count. */
export function diffTotals(sections: readonly SectionDiff[]): DiffTotals {
  const changes = Object.fromEntries(
    sectionChanges.map((change) => [change, sections.filter((section) => section.changes.includes(change)).length]),
  ) as Record<SectionChange, number>
  let costUsd: number | null = 0
  for (const {costUsd: own = 0} of sections) costUsd = costUsd === null || own === null ? null : costUsd + own
  const words = sections.map(sectionWords)
  return {
    changes,
    wordsAdded: words.reduce((sum, {added}) => sum + added, 0),
    wordsRemoved: words.reduce((sum, {removed}) => sum + removed, 0),
    costUsd,
  }
}

/** Words of the book that a section gained and lost. */
export function sectionWords({text, own}: SectionDiff): {added: number; removed: number} {
  return {
    added: (text?.wordsAdded ?? 0) + (own?.wordsAdded ?? 0),
    removed: (text?.wordsRemoved ?? 0) + (own?.wordsRemoved ?? 0),
  }
}
