import {isLike, textKey} from './choose-passages.ts'
import type {Candidate, Wish} from './draft-form.ts'
import type {Passage} from './passage-library.ts'
import {nameKey} from './word-stems.ts'

/** What is left of a word's weight once a chosen passage has it. */
const repeatedWeight = 0.4
/** Factor of the least gain for a passage of another topic than those chosen. */
const strangerFactor = 1.4
/** Share of common words from which two definitions of a term are one. */
const sameDefinition = 0.7
/** Passages below which a wish is filled up. */
const fewHeld = 3
/** How much more a shared wish likes what the chapter prints. */
const printedScale = 1.5

/** Who prints which statement of a chapter. */
export interface SharedPassages {
  /** By draft, by wish: places of passages in the library. */
  readonly passages: readonly (readonly (readonly number[])[])[]
  /** The draft that prints the best candidate of one that got nothing; undefined where it had none. */
  ownerOfBest(draft: number): number | undefined
}

interface Suitor {
  readonly draft: number
  readonly place: number
  readonly wish: Wish
  readonly candidates: readonly Candidate[]
  held: Candidate[]
  /** Statements that it asked for in vain. */
  readonly refused: Set<string>
}

/**
 * Divides statements among the drafts of a chapter so that each is printed once, by the wish that it fits best: wishes
 * ask for their best candidates in turn, and a statement goes over to whom it fits better (deferred acceptance). The
 * outcome hangs on the fits, and on the order of the drafts only where fits are equal.
 */
export function sharePassages(drafts: readonly (readonly Wish[])[]): SharedPassages {
  const ofDraft = drafts.map((wishes, draft) =>
    wishes.map((wish, place): Suitor => ({draft, place, wish, candidates: wish.find(), held: [], refused: new Set()})),
  )
  const suitors = ofDraft.flat()
  const owners = new Map<string, Suitor>()
  const exclusive = suitors.filter(({wish}) => wish.isShared !== true)
  const isNamed = ({wish}: Suitor): boolean => wish.isNamed === true
  const waiting = [...exclusive.filter(isNamed), ...exclusive.filter((suitor) => !isNamed(suitor))]
  const definitions = new Map<string, Passage[]>()
  for (let at = 0; at < waiting.length; at += 1) {
    const suitor = waiting[at] as Suitor
    const others = (ofDraft[suitor.draft] ?? []).filter((other) => other !== suitor)
    while (suitor.held.length < suitor.wish.limit) {
      const candidate = nextCandidate(suitor, 1, () => 1)
      if (candidate === undefined) break
      const key = textKey(candidate.passage)
      const owner = owners.get(key)
      // What is named is wanted however alike.
      const isSaid =
        suitor.wish.isNamed !== true &&
        [suitor, ...others].some(({held}) =>
          held.some(({passage}) => textKey(passage) !== key && isLike(passage, candidate.passage)),
        )
      if (
        isSaid ||
        isDefined(candidate.passage, definitions, suitor) ||
        (owner !== undefined && !isPreferred(suitor, candidate, owner, key))
      ) {
        suitor.refused.add(key)
        continue
      }
      if (owner !== undefined) {
        owner.held = owner.held.filter(({passage}) => textKey(passage) !== key)
        owner.refused.add(key)
        waiting.push(owner)
      }
      owners.set(key, suitor)
      noteDefinition(candidate.passage, definitions)
      suitor.held.push(candidate)
    }
  }
  for (const suitor of exclusive) fillUp(suitor, exclusive, owners)
  const printed = suitors.filter(({wish}) => wish.isShared !== true).flatMap(({held}) => held)
  for (const suitor of suitors.filter(({wish}) => wish.isShared === true)) {
    while (suitor.held.length < suitor.wish.limit) {
      const candidate = nextCandidate(suitor, printedScale, ({passage}) =>
        owners.has(textKey(passage)) ? printedScale : 1,
      )
      if (candidate === undefined) break
      if (suitor.held.some(({passage}) => isLike(passage, candidate.passage)))
        suitor.refused.add(textKey(candidate.passage))
      else suitor.held.push(candidate)
    }
    fillFromPrinted(suitor, printed)
  }
  const passages = ofDraft.map((own) => own.map(({held}) => held.map(({passage}) => passage.id)))
  return {
    passages,
    ownerOfBest: (draft) => {
      for (const {wish, candidates} of ofDraft[draft] ?? []) {
        const owner =
          candidates[0] === undefined || wish.isShared ? undefined : owners.get(textKey(candidates[0].passage))
        if (owner !== undefined && owner.draft !== draft) return owner.draft
      }
      return undefined
    },
  }
}

/** Whether another definition of the same term stands in the chapter that says nearly the same. */
function isDefined(passage: Passage, definitions: ReadonlyMap<string, readonly Passage[]>, {wish}: Suitor): boolean {
  if (passage.kind !== 'definition' || wish.isNamed === true) return false
  const others = definitions.get(nameKey(passage.term)) ?? []
  return others.some((other) => textKey(other) !== textKey(passage) && isLike(other, passage, sameDefinition))
}

function noteDefinition(passage: Passage, definitions: Map<string, Passage[]>): void {
  if (passage.kind !== 'definition') return
  const key = nameKey(passage.term)
  definitions.set(key, [...(definitions.get(key) ?? []), passage])
}

/** Gives a wish with too little what nobody has of that which stands beside the chapter's statements in the notes. */
function fillUp(suitor: Suitor, all: readonly Suitor[], owners: Map<string, Suitor>): void {
  const {fillsUp, limit} = suitor.wish
  if (fillsUp === undefined || suitor.held.length >= Math.min(limit, fewHeld)) return
  for (const passage of fillsUp(
    all.filter((other) => other !== suitor).flatMap(({held}) => held.map((own) => own.passage)),
  )) {
    if (suitor.held.length >= limit) return
    if (owners.has(textKey(passage)) || suitor.held.some((own) => isLike(own.passage, passage))) continue
    owners.set(textKey(passage), suitor)
    suitor.held.push({passage, score: 0, fit: 0})
  }
}

function fillFromPrinted({held, wish}: Suitor, printed: readonly Candidate[]): void {
  // In strides, so that the first few come from all over the chapter.
  const stride = Math.max(1, Math.ceil(printed.length / wish.limit))
  const ordered = Array.from({length: stride}, (_, start) => printed.filter((_, at) => at % stride === start)).flat()
  for (const candidate of ordered) {
    if (held.length >= wish.limit) return
    const {passage} = candidate
    if (wish.acceptsPrinted?.(passage) === true && !held.some((other) => other.passage === passage))
      held.push(candidate)
  }
  for (const passage of wish.fillsUp?.(printed.map((candidate) => candidate.passage)) ?? []) {
    if (held.length >= wish.limit) return
    if (!held.some((other) => other.passage === passage)) held.push({passage, score: 0, fit: 0})
  }
}

/** Whether a statement fits a wish better than the one that has it. */
function isPreferred(suitor: Suitor, {fit}: Candidate, owner: Suitor, key: string): boolean {
  if ((suitor.wish.isNamed === true) !== (owner.wish.isNamed === true)) return suitor.wish.isNamed === true
  const held = owner.held.find(({passage}) => textKey(passage) === key)
  if (held === undefined || fit !== held.fit) return fit > (held?.fit ?? 0)
  return suitor.draft < owner.draft || (suitor.draft === owner.draft && suitor.place < owner.place)
}

/** The candidate that adds most to what a wish has; undefined where none adds enough. */
function nextCandidate(
  {wish, candidates, held, refused}: Suitor,
  mostScale: number,
  scale: (candidate: Candidate) => number,
): Candidate | undefined {
  const said = new Map<string, number>()
  for (const {parts} of held)
    for (const stem of parts?.keys() ?? []) said.set(stem, (said.get(stem) ?? 1) * repeatedWeight)
  const asked = (candidates[0]?.score ?? 0) * (wish.leastGain ?? 0.25)
  let best: Candidate | undefined
  let bestGain = 0
  for (const candidate of candidates) {
    if (candidate.score * mostScale <= bestGain) break
    if (refused.has(textKey(candidate.passage)) || held.includes(candidate)) continue
    const isNear = held.length === 0 || held.some(({passage}) => isSameTopic(passage, candidate.passage))
    const gain = gainOf(candidate, said) * scale(candidate)
    if (gain > bestGain && gain >= asked * (isNear ? 1 : strangerFactor)) {
      best = candidate
      bestGain = gain
    }
  }
  return best
}

function gainOf({score, parts}: Candidate, said: ReadonlyMap<string, number>): number {
  if (parts === undefined) return score
  let gain = 0
  for (const [stem, part] of parts) gain += part * (said.get(stem) ?? 1)
  return gain
}

function isSameTopic(left: Passage, right: Passage): boolean {
  return left.note === right.note && left.topic === right.topic
}
