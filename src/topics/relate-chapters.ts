import {termWords} from '../syntax/term-words.ts'
import {wordsOf} from '../syntax/words-of.ts'
import type {ChapterTerms} from './find-terms.ts'
import {eachTopic, type TopicChapter} from './topic-list.ts'

/** A chapter that has something in common with another one. */
export interface RelatedChapter {
  /** Place of the chapter, from 0. */
  readonly place: number
  /** Terms, tags and topics that relate them, the weightiest first. */
  readonly shared: readonly string[]
}

/** Most chapters that one refers to. */
const mostRelated = 4
/** Most chapters that may share a term for it to relate them. */
const mostChapters = 30

/** Words of titles that say nothing of a chapter's subject. */
const idle =
  /^(?:advanced|basic|best|chapter|comparison|component|concept|core|deep|dive|feature|fundamental|introduction|key|managed|management|managing|more|option|service|system|tool|other|overview|practice|relevant|topic|use|using|case|with|alternative|vs|from|into|what|how|why)$/

interface Relation {
  score: number
  readonly shared: Map<string, number>
}

/**
 * For each chapter those that share tags or terms with it, or whose subject one of its topics names: the closest ones, in
 * the order of the book. What few chapters have relates them more than what many have.
 */
export function relateChapters(
  chapters: readonly TopicChapter[],
  terms: readonly ChapterTerms[],
  courseTitle = '',
): RelatedChapter[][] {
  const relations = chapters.map(() => new Map<number, Relation>())
  const relate = (at: number, other: number, weight: number, shared: string): void => {
    const own = relations[at]?.get(other) ?? {score: 0, shared: new Map<string, number>()}
    own.score += weight
    own.shared.set(shared, Math.max(own.shared.get(shared) ?? 0, weight))
    relations[at]?.set(other, own)
  }
  relateByKeys(chapters, terms, relate)
  relateByTitles(chapters, new Set(termWords(wordsOf(courseTitle))), relate)
  return relations.map((own) =>
    [...own]
      .sort(([a, {score: left}], [b, {score: right}]) => right - left || a - b)
      .slice(0, mostRelated)
      .sort(([a], [b]) => a - b)
      .map(([place, {shared}]) => ({
        place,
        shared: [...shared].sort(([, left], [, right]) => right - left).map(([name]) => name),
      })),
  )
}

type Relate = (at: number, other: number, weight: number, shared: string) => void

/** By tags and terms that both have. */
function relateByKeys(chapters: readonly TopicChapter[], terms: readonly ChapterTerms[], relate: Relate): void {
  const places = new Map<string, number[]>()
  const names = chapters.map(
    ({tags}, at) => new Map([...tags.map((tag) => [`#${tag}`, tag] as const), ...(terms[at]?.names ?? [])]),
  )
  names.forEach((own, at) => {
    for (const key of own.keys()) push(places, key, at)
  })
  names.forEach((own, at) => {
    for (const [key, name] of own) {
      const others = places.get(key) ?? []
      // What nearly all chapters have relates none.
      if (others.length > mostChapters || (others.length > 3 && others.length > chapters.length / 2)) continue
      const weight = (key.startsWith('#') ? 3 : 1) / Math.sqrt(Math.max(1, others.length - 1))
      for (const other of others) if (other !== at) relate(at, other, weight, name)
    }
  })
}

/** By topics of the one that name the subject of the other. */
function relateByTitles(chapters: readonly TopicChapter[], course: ReadonlySet<string>, relate: Relate): void {
  const places = new Map<string, number[]>()
  chapters.forEach(({text}, at) => {
    const words = termWords(wordsOf(text)).filter((word) => word.length > 3 && !idle.test(word) && !course.has(word))
    for (const word of new Set(words)) push(places, word, at)
  })
  chapters.forEach(({topics}, at) => {
    for (const {head, description} of eachTopic(topics)) {
      const name = head.replace(/\s*\([^)]*\)$/, '')
      if (name.split(' ').length > 5) continue
      for (const word of new Set(termWords(wordsOf(name)))) {
        const others = places.get(word) ?? []
        if (others.length > 3) continue
        for (const other of others) if (other !== at) relate(at, other, description === '' ? 1 : 1.5, name)
      }
    }
  })
}

function push(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
