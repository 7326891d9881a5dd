import {risingMatches} from '../model/rising-matches.ts'
import type {BookSide, MadeBy, SidePassage, SideSection} from './book-side.ts'
import {diffTexts, type TextDiff} from './diff-texts.ts'
import {matchPassages, matchSections, type Pair} from './match-sections.ts'

/** What may have happened to a section, the weightiest first. */
export const sectionChanges = [
  'added',
  'removed',
  'text-changed',
  'prompt-changed',
  'own-text-changed',
  'moved',
  'reflowed',
] as const

export type SectionChange = (typeof sectionChanges)[number]

/** A section that is not what it was. */
export interface SectionDiff {
  readonly book: string
  /** Its id after; of a removed one that before. */
  readonly id: string
  /** Its id before, where that was another one. */
  readonly from?: string
  readonly title: string
  /** All that happened to it, the weightiest first. */
  readonly changes: readonly SectionChange[]
  /** Line of its directive in the outline after. */
  readonly line?: number
  /** How its prompt changed; absent where it did not or is not known by its words. */
  readonly prompt?: TextDiff
  readonly text?: TextDiff
  /** How the author's own text below its heading changed. */
  readonly own?: TextDiff
  /** What the text after cost, where it is another one: null where the price is not known. */
  readonly costUsd?: number | null
}

/** What a text cost in US dollars; undefined where the price is not known. */
export type CostOf = (made: MadeBy) => number | undefined

/**
 * The sections of a book that are not what they were, in the order of the book after, removed ones where they were. A
 * side without the book has none of its sections.
 */
export function diffBooks(before: BookSide | undefined, after: BookSide | undefined, costOf: CostOf): SectionDiff[] {
  const name = after?.name ?? before?.name ?? ''
  const was = before ?? {name, sections: [], passages: []}
  const is = after ?? {name, sections: [], passages: []}
  const sections = matchSections(was.sections, is.sections)
  const passages = matchPassages(was.passages, is.passages, sections)
  const moved = movedPlaces([...sections, ...passages])
  const found = new FoundDiffs(name, firstIds(is.sections), firstIds(was.sections))
  for (const pair of sections) found.addSection(pair, moved.has(pair.after.place), costOf)
  for (const section of without(is.sections, sections, 'after')) found.addNew(section, costOf)
  for (const section of without(was.sections, sections, 'before')) found.addGone(section, sections)
  for (const pair of passages) found.addPassage(pair, moved.has(pair.after.place))
  for (const passage of without(is.passages, passages, 'after')) found.addPassage({after: passage}, false)
  for (const passage of without(was.passages, passages, 'before')) found.addGonePassage(passage, passages)
  return found.finish()
}

/** By the ids of headings, the first directive below each. */
function firstIds(sections: readonly SideSection[]): Map<string, string> {
  const first = new Map<string, string>()
  for (const {sectionId, id} of sections) if (!first.has(sectionId)) first.set(sectionId, id)
  return first
}

function without<Value>(values: readonly Value[], pairs: readonly Pair<Value>[], side: 'before' | 'after'): Value[] {
  const paired = new Set(pairs.map((pair) => pair[side]))
  return values.filter((value) => !paired.has(value))
}

/** Places after of what stands in another section or in another order: all but the longest run that kept its order. */
function movedPlaces(pairs: readonly Pair<SideSection | SidePassage>[]): Set<number> {
  const matches = pairs
    .map(({before, after}) => ({before: before.place, after: after.place}))
    .sort((one, other) => one.after - other.after)
  const kept = new Set(risingMatches(matches).map(({after}) => after))
  const moved = new Set<number>()
  for (const {before, after} of pairs)
    if (!kept.has(after.place) || headingOf(before) !== headingOf(after)) moved.add(after.place)
  return moved
}

function headingOf(part: SideSection | SidePassage): string {
  return 'sectionId' in part ? part.sectionId : part.id
}

interface Found {
  readonly place: number
  readonly diff: SectionDiff
}

/** Gathers what happened by section: to a directive's text and to the author's own words at its heading. */
class FoundDiffs {
  private readonly byId = new Map<string, Found>()
  private readonly gone = new Map<string, Found>()

  constructor(
    private readonly book: string,
    /** By the ids of headings after and before, the first directive below each: what a heading says is told with it. */
    private readonly ownersAfter: ReadonlyMap<string, string>,
    private readonly ownersBefore: ReadonlyMap<string, string>,
  ) {}

  addSection({before, after}: Pair<SideSection>, isMoved: boolean, costOf: CostOf): void {
    const changes: SectionChange[] = []
    const text = diffTexts(before.text ?? '', after.text ?? '')
    if (text.change === 'reflowed') changes.push('reflowed')
    else if (text.change !== 'same') changes.push('text-changed')
    const isOtherPrompt =
      before.prompt !== undefined && after.prompt !== undefined && before.prompt.address !== after.prompt.address
    if (isOtherPrompt) changes.push('prompt-changed')
    if (isMoved) changes.push('moved')
    if (changes.length === 0) return
    this.byId.set(after.id, {
      place: after.place,
      diff: {
        ...this.head(after, changes),
        ...(before.id === after.id ? {} : {from: before.id}),
        ...(isOtherPrompt ? promptDiff(before, after) : {}),
        ...(text.change === 'same' ? {} : {text}),
        ...(text.change === 'same' || text.change === 'reflowed' ? {} : cost(after, before, costOf)),
      },
    })
  }

  addNew(after: SideSection, costOf: CostOf): void {
    const text = diffTexts('', after.text ?? '')
    this.byId.set(after.id, {
      place: after.place,
      diff: {
        ...this.head(after, ['added']),
        ...(after.prompt?.text === undefined ? {} : {prompt: diffTexts('', after.prompt.text)}),
        ...(text.change === 'same' ? {} : {text, ...cost(after, undefined, costOf)}),
      },
    })
  }

  addGone(before: SideSection, pairs: readonly Pair<SideSection>[]): void {
    const text = diffTexts(before.text ?? '', '')
    const {line: _, ...head} = this.head(before, ['removed'])
    this.gone.set(before.id, {
      place: placeAfter(before, pairs),
      diff: {
        ...head,
        ...(before.prompt?.text === undefined ? {} : {prompt: diffTexts(before.prompt.text, '')}),
        ...(text.change === 'same' ? {} : {text}),
      },
    })
  }

  addPassage({before, after}: {readonly before?: SidePassage; readonly after: SidePassage}, isMoved: boolean): void {
    const own = diffTexts(before?.text ?? '', after.text)
    const isChanged = own.change !== 'same' && own.change !== 'reflowed'
    const owner = this.ownersAfter.get(after.id)
    const known = owner === undefined ? undefined : this.byId.get(owner)
    if (owner !== undefined && known !== undefined) {
      if (!isChanged) return
      const isNew = known.diff.changes.includes('added')
      const changes = isNew ? known.diff.changes : inOrder([...known.diff.changes, 'own-text-changed'])
      this.byId.set(owner, {...known, diff: {...known.diff, changes, own}})
      return
    }
    const changes: SectionChange[] = [
      ...(before === undefined ? (['added'] as const) : isChanged ? (['own-text-changed'] as const) : []),
      // Where a heading has a directive of its own, that says whether it moved.
      ...(isMoved && owner === undefined ? (['moved'] as const) : []),
      ...(own.change === 'reflowed' ? (['reflowed'] as const) : []),
    ]
    if (changes.length === 0) return
    const id = owner ?? after.id
    this.byId.set(id, {
      place: after.place,
      diff: {
        ...this.head({...after, id}, changes),
        ...(before === undefined || before.id === after.id ? {} : {from: before.id}),
        ...(own.change === 'same' ? {} : {own}),
      },
    })
  }

  addGonePassage(before: SidePassage, pairs: readonly Pair<SidePassage>[]): void {
    const own = diffTexts(before.text, '')
    const id = this.ownersBefore.get(before.id) ?? before.id
    const known = this.gone.get(id)
    this.gone.set(
      id,
      known === undefined
        ? {place: placeAfter(before, pairs), diff: {...this.head(before, ['removed']), own}}
        : {...known, diff: {...known.diff, own}},
    )
  }

  finish(): SectionDiff[] {
    return [...this.byId.values(), ...this.gone.values()]
      .sort((one, other) => one.place - other.place)
      .map(({diff}) => diff)
  }

  private head(
    {id, title, ...rest}: SideSection | SidePassage,
    changes: readonly SectionChange[],
  ): Pick<SectionDiff, 'book' | 'id' | 'title' | 'changes' | 'line'> {
    const line = 'line' in rest ? rest.line : undefined
    return {book: this.book, id, title, changes: inOrder(changes), ...(line === undefined ? {} : {line})}
  }
}

/** Where a removed section is shown: right behind the last one before it that is still there. */
function placeAfter(gone: {readonly place: number}, pairs: readonly Pair<{readonly place: number}>[]): number {
  let nearest: Pair<{readonly place: number}> | undefined
  for (const pair of pairs)
    if (pair.before.place < gone.place && pair.before.place > (nearest?.before.place ?? -1)) nearest = pair
  return (nearest?.after.place ?? -1) + 0.5
}

function inOrder(changes: readonly SectionChange[]): SectionChange[] {
  return sectionChanges.filter((change) => changes.includes(change))
}

function promptDiff({prompt: was}: SideSection, {prompt: is}: SideSection): {prompt?: TextDiff} {
  return was?.text === undefined || is?.text === undefined ? {} : {prompt: diffTexts(was.text, is.text)}
}

/** What a text cost that was not there before; one that an author wrote, or wrote on, cost nothing anew. */
function cost(after: SideSection, before: SideSection | undefined, costOf: CostOf): {costUsd?: number | null} {
  const {made} = after
  if (after.text === undefined) return {}
  if (made === undefined || made.isDraft || made.completion === before?.made?.completion) return {costUsd: 0}
  return {costUsd: costOf(made) ?? null}
}
