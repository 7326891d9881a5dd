import type {Candidate} from './draft-form.ts'
import {type DraftPhrases, phrasesFor} from './draft-phrases.ts'
import {chapterName, type DraftTask, withoutNumber} from './draft-task.ts'
import {findMatches, type Match, measureKnownShare, measureQuery, type Query} from './passage-index.ts'
import type {Passage, PassageLibrary} from './passage-library.ts'
import {compareTitles} from './title-index.ts'
import {nameKey, stemWords} from './word-stems.ts'

/** Passages among which the best are looked for. */
const candidateCount = 60
/** Least share of the query's weight that a passage's own words must have. */
const leastShare = 0.09
/** The same where the notes do not know most of what the query names: single words then meet by accident. */
const leastStrangeShare = 0.2
/** Share of the query's weight that the notes must know for their subject to be the query's. */
const leastKnownShare = 0.4
/** Least share and stems of a passage that has a word of the subject. */
const partlyOfSubject = {share: 0.12, stems: 3}
/** The same of a passage that has none: then the words of the prompt must be met. */
const strangeToSubject = {share: 0.26, stems: 4}
/** The same where the prompt alone says what it is about. */
const withoutSubject = {share: 0.16, stems: 3}
/** Stems of a query of usual length. */
const usualStems = 8
/** How much more of the query's weight a passage must have that stands neither in the chapter's note nor below the heading. */
const strangerScale = 2
/** Share of common words from which two passages say the same. */
const likeShare = 0.55
/** Likeness of a note's title to the chapter's, 0 to 1, from which the note is the chapter's own. */
const leastLikeness = 0.5
/** Factor for what stands in a note under the heading that the section has. */
const sameTopicScale = 1.7
/** Factor for what comes from a note that the directive names. */
const namedSourceScale = 3
/** Openings that mean little without the sentence before them. */
const danglingStart =
  /^(?:and|but|so|it|its|he|his|she|her|they|their|them|this|these|those|that|such|both of|however|instead|otherwise|then|therefore|thus|hence|also|as a result|in addition|for this reason|because of (?:this|that)|either way|similarly|likewise|moreover|furthermore|here)\b/i

/** What is being drafted, and what it is drafted from. */
export interface Draft {
  readonly task: DraftTask
  readonly library: PassageLibrary
  readonly phrases: DraftPhrases
  readonly likenessToChapter: (noteTitle: string) => number
  /** The same for the note of each passage, by its place in the library. */
  readonly likenesses: readonly number[]
  /** Whether a note is the chapter's own by its title. */
  readonly hasOwnNote: boolean
}

/** Which passages are wanted. */
export interface Choice {
  readonly accepts: (passage: Passage) => boolean
  /** Least share of the query's weight that a passage's own words must have, 0 to 1; 0.09 by default. */
  readonly leastShare?: number
  /** Least share of a passage whose topic is the heading; none by default. */
  readonly topicShare?: number
  /** Stems of what the text is about: a passage without them must fit the prompt all the better. */
  readonly subject?: readonly string[]
  /** Least share and stems of a passage that has not all words of the subject. */
  readonly partly?: {readonly share: number; readonly stems: number}
  /** Factor for what stands before a note's first topic, and so speaks of the whole; 1 by default. */
  readonly openingScale?: number
  /** How much a note of the chapter's title is preferred: its factor is 1 more than this; 1 by default. */
  readonly chapterScale?: number
  /** Factor for the fit compared with other wishes; 1 by default. */
  readonly fitScale?: number
}

/** Begins a draft. */
export function beginDraft(task: DraftTask, library: PassageLibrary): Draft {
  return {task, library, phrases: phrasesFor(task.language), ...compareNotes(library, chapterName(task))}
}

type NoteComparison = Pick<Draft, 'likenessToChapter' | 'likenesses' | 'hasOwnNote'>

const comparisons = new WeakMap<PassageLibrary, Map<string, NoteComparison>>()

/** Compares the notes of a library with a chapter, once for each chapter. */
function compareNotes(library: PassageLibrary, chapter: string): NoteComparison {
  const ofLibrary = comparisons.get(library) ?? new Map<string, NoteComparison>()
  comparisons.set(library, ofLibrary)
  const known = ofLibrary.get(chapter)
  if (known !== undefined) return known
  const likenessToChapter = compareTitles(library.titles, chapter)
  const likenesses = library.passages.map(({noteTitle}) => likenessToChapter(noteTitle))
  const comparison = {
    likenessToChapter,
    likenesses,
    hasOwnNote: likenesses.some((likeness) => likeness >= leastLikeness),
  }
  ofLibrary.set(chapter, comparison)
  return comparison
}

/** Whether a passage stands in a note of the chapter's title; any does where the chapter has none. */
export function isOfChapter(draft: Draft, {id}: Passage): boolean {
  return !draft.hasOwnNote || (draft.likenesses[id] ?? 0) >= leastLikeness
}

/** Finds the passages whose words fit a query, the best first; none where the words of no passage do. */
export function findCandidates(draft: Draft, query: Query, choice: Choice): readonly Candidate[] {
  const {library, task} = draft
  const topic = nameKey(withoutNumber(task.headingPath.at(-1) ?? ''))
  const matches = findMatches(library.index, query, candidateCount, (id) => {
    const passage = library.passages[id]
    if (passage === undefined || !choice.accepts(passage)) return 0
    const chapterScale = 1 + (choice.chapterScale ?? 1) * (draft.likenesses[id] ?? 0)
    const openingScale = passage.topic === '' ? (choice.openingScale ?? 1) : 1
    const topicScale = topic !== '' && library.topicKeys.get(passage.topic) === topic ? sameTopicScale : 1
    const sourceScale = isNamedSource(passage, task.sources) ? namedSourceScale : 1
    return chapterScale * openingScale * topicScale * sourceScale
  })
  const fits = requireFit(library, query, choice.leastShare)
  // Of a short query, fewer stems are as much.
  const fewStems = Math.min(1, [...query.values()].filter((weight) => weight >= 1).length / usualStems)
  const strangerShare = strangerScale * (choice.leastShare ?? leastShare)
  const size = measureQuery(library.index, query)
  return matches.flatMap((match) => {
    const {id, score, parts, ownShare, ownStems} = match
    const passage = library.passages[id]
    if (passage === undefined) return []
    const isOfTopic = topic !== '' && library.topicKeys.get(passage.topic) === topic
    const isNear = isOfTopic || isOfChapter(draft, passage)
    const isFitting =
      (isOfTopic && ownShare >= (choice.topicShare ?? 0)) ||
      (fits(match) && isOfSubject(passage, choice, ownShare, ownStems / fewStems))
    if (!isFitting || (!isNear && ownShare < strangerShare)) return []
    return [{passage, score, parts, fit: ((choice.fitScale ?? 1) * score) / size}]
  })
}

/** Whether a passage has all words of a subject, or some and enough of the query, or very much of the query. */
function isOfSubject(passage: Passage, {subject, partly}: Choice, share: number, stems: number): boolean {
  if (subject === undefined) return true
  const own = passageStems(passage)
  const common = subject.filter((stem) => own.has(stem)).length
  if (common > 0 && common === subject.length) return true
  const least = partly ?? (subject.length === 0 ? withoutSubject : common > 0 ? partlyOfSubject : strangeToSubject)
  return share >= least.share && stems >= least.stems
}

/** Candidates of a wish for passages that are known by name, the best first. */
export function nameCandidates(passages: readonly Passage[], fit: number): readonly Candidate[] {
  return passages.map((passage, at) => ({passage, score: 1 / (at + 1), fit}))
}

/** The first statements of the note whose title is most like the chapter's; none where no title is like it. */
export function findOpening(draft: Draft, limit: number): readonly Passage[] {
  let best = 0
  for (const title of draft.library.titles.stems.keys()) best = Math.max(best, draft.likenessToChapter(title))
  if (best < leastLikeness) return []
  const ofNote = draft.library.passages.filter(
    (passage) => isFact(passage) && draft.likenessToChapter(passage.noteTitle) === best,
  )
  return ofNote.slice(0, limit)
}

/** Whether a passage is a statement that can be read alone. */
export function isFact(passage: Passage): boolean {
  if (passage.kind !== 'fact') return false
  const known = standsAlone.get(passage) ?? !danglingStart.test(passage.text)
  standsAlone.set(passage, known)
  return known
}

const standsAlone = new WeakMap<Passage, boolean>()

/** Whether a passage is a fact that can be read alone or a definition. */
export function isStatement(passage: Passage): boolean {
  return passage.kind === 'definition' || isFact(passage)
}

const keys = new WeakMap<Passage, string>()

/** Key under which the same statement in two notes is one. */
export function textKey(passage: Passage): string {
  const known = keys.get(passage) ?? `${passage.text}${passage.block}`.toLowerCase()
  keys.set(passage, known)
  return known
}

/** Tells whether so much of the query is in a passage itself that it is likely to speak of the same. */
export function requireFit(library: PassageLibrary, query: Query, least = leastShare): (match: Match) => boolean {
  const isStrange = measureKnownShare(library.index, query) < leastKnownShare
  const share = isStrange ? Math.max(least, leastStrangeShare) : least
  return (match) => match.ownShare >= share && match.ownStems >= Math.min(2, query.size)
}

const stemsOf = new WeakMap<Passage, ReadonlySet<string>>()

/** Stems of a passage's statement and its term, made once. */
export function passageStems(passage: Passage): ReadonlySet<string> {
  const known = stemsOf.get(passage) ?? new Set(stemWords(`${passage.term} ${passage.text}`))
  stemsOf.set(passage, known)
  return known
}

/** Whether two passages have so many words in common, by default 0.55 of the shorter one's, that the second adds little. */
export function isLike(left: Passage, right: Passage, share = likeShare): boolean {
  if (left.block !== right.block) return false
  const words = passageStems(left)
  const others = passageStems(right)
  let common = 0
  for (const stem of others) if (words.has(stem)) common += 1
  return common > 0 && common / Math.max(1, Math.min(words.size, others.size)) >= share
}

function isNamedSource(passage: Passage, sources: readonly string[] | undefined): boolean {
  return (
    sources?.some((source) => {
      if (/^\d+$/.test(source)) return passage.numbers.includes(Number(source))
      return passage.note === source || passage.note.replace(/\.\w+$/, '') === source
    }) === true
  )
}
