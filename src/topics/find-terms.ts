import {termWords} from '../syntax/term-words.ts'
import {wordsOf} from '../syntax/words-of.ts'
import {topicForm} from './topic-form.ts'
import {eachTopic, type Topic, type TopicChapter} from './topic-list.ts'

/** A term, and the chapter whose text has it first. */
export interface FoundTerm {
  readonly term: string
  /** Place of the chapter, from 0. */
  readonly first: number
}

/** The terms of one chapter. */
export interface ChapterTerms {
  /** Those that no chapter before it has, in reading order. */
  readonly own: readonly string[]
  /** Weightiest of those that an earlier chapter has. */
  readonly earlier: readonly FoundTerm[]
  /** All, by the key by which chapters are compared. */
  readonly names: ReadonlyMap<string, string>
}

/** Most terms of one glossary. */
const mostTerms = 12
/** Most terms of earlier chapters that a glossary with few of its own repeats. */
const mostEarlier = 4

interface Candidate {
  readonly term: string
  readonly key: string
  readonly weight: number
}

const word = String.raw`[\p{Lu}\d][\p{L}\p{N}]*(?:[-/&.][\p{Lu}\d][\p{L}\p{N}]*)*`
const name = new RegExp(String.raw`(?<![\p{L}\p{N}/-])${word}(?: (?:(?:for|of) )?${word})*(?![\p{L}\p{N}])`, 'gu')
const mixedCase = /^(?:\p{Lu}{2,}[\p{L}\d]*|[\p{L}]\p{L}*\p{Ll}\p{Lu}[\p{L}\d]*|\p{Lu}\d+|\p{Ll}\p{Lu}{2,})$/u
const spelledOut = /((?:[\p{L}\d/-]+ ){1,7})\((\p{L}{2,8})\)/gu
const code = /`([^`\n]{2,60})`/g
/** Words that titles write small. */
const linking =
  /^(?:about|after|among|before|below|between|during|from|into|over|than|that|under|versus|when|with|without)$/
/** Units and the like. */
const noName = /^(?:[KMGT]i?B|CPU|USD|EUR|ID|OK|N\/A|FAQ|TODO)s?$/
/** Heads of a group or an instruction, not of a term. */
const noTerm =
  /\?|^(?:an?|the|two|three|ways?|steps|clients?|estimating|planning|preparing|reducing|selecting|tracking|testing|writing)\s|\b(?:what|how|why|when|where|which|who|that|you|your|not|to|from|among|with|under|in detail|habits|having|key|common|main|us(?:e|ing)|choosing|reviewing|monitoring|no|vs\.?|other|current|considerations?|options|benefits|role|best|features|integrations?|services|types|access|deep dive|internals|strategies|patterns|configurations)\b/i

/** The terms of each chapter: heads of definitions, code, abbreviations that are spelled out, and names. */
export function findTerms(chapters: readonly TopicChapter[], courseTitle = ''): ChapterTerms[] {
  const middles = namesWithinSentences(chapters)
  // What the course is called by is no term of one chapter.
  const none = new Set([...chapters.map(({text}) => keyOf(text)), ...termWords(wordsOf(courseTitle))])
  const candidates = chapters.map((chapter) => candidatesOf(chapter, middles, none))
  const first = new Map<string, number>()
  const counts = new Map<string, number>()
  candidates.forEach((own, at) => {
    for (const {key} of own) {
      if (!first.has(key)) first.set(key, at)
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  })
  return candidates.map((own, at) => {
    const weightOf = ({key, weight}: Candidate): number => weight + Math.min(3, counts.get(key) ?? 1) / 2
    const heaviest = (some: readonly Candidate[], most: number): Candidate[] => {
      const kept = new Set([...some].sort((a, b) => weightOf(b) - weightOf(a)).slice(0, most))
      return some.filter((one) => kept.has(one))
    }
    const fresh = heaviest(
      own.filter(({key}) => first.get(key) === at),
      mostTerms,
    )
    const known = own.filter(({key}) => (first.get(key) as number) < at)
    const earlier = heaviest(known, fresh.length < mostEarlier ? mostEarlier : 2)
    return {
      own: fresh.map(({term}) => term),
      earlier: earlier.map(({term, key}) => ({term, first: first.get(key) as number})),
      names: new Map(own.map(({key, term}) => [key, term])),
    }
  })
}

function candidatesOf({topics}: TopicChapter, middles: ReadonlySet<string>, none: ReadonlySet<string>): Candidate[] {
  const found = new Map<string, Candidate>()
  const add = (written: string, weight: number): void => {
    const term = written.replaceAll('`', '').trim()
    const key = keyOf(term)
    if (key === '' || none.has(key) || term.length > 60 || /^[\d\W]+$/.test(term) || noName.test(term)) return
    const before = found.get(key)
    if (before === undefined || before.weight < weight)
      found.set(key, {term: before?.term.includes('(') === true ? before.term : term, key, weight})
  }
  for (const {topic, isAspect} of withAspects(topics)) {
    const isGroup = topic.children.length > 0 && topic.description === ''
    const head = topic.head.replace(/\s*\([^)]*\)$/, '')
    if (!isAspect && topic.description !== '' && head.split(' ').length <= 4 && !noTerm.test(head)) add(head, 3)
    for (const [, span = ''] of topic.text.matchAll(code)) add(span, 2)
    for (const [, words = '', short = ''] of topic.text.matchAll(spelledOut)) {
      const long = spelling(words.trim(), short)
      if (long !== undefined) add(`${long} (${short})`, 4)
    }
    const texts = isGroup || isTitleCase(topic.head) ? [topic.description] : [topic.text]
    for (const one of texts.flatMap((text) => namesOf(text, middles))) add(one, one.includes(' ') ? 2 : 1)
    // Where every word has a capital, only what no plain word looks like is known to be a name.
    if (!isGroup && isTitleCase(topic.head))
      for (const one of topic.head.split(/[\s,;:()]+/)) if (mixedCase.test(one)) add(one, 1)
  }
  // `Change Data Capture (CDC)` and `ZooKeeper/KRaft` say it once: their parts are no terms of their own.
  const parts = new Set(
    [...found.values()].flatMap(({term, weight}) => [...partsOf(term), ...(weight < 3 ? [] : endsOf(term))]),
  )
  return [...found.values()].filter(({key, term, weight}) => {
    const isLonger = weight < 3 && term.lastIndexOf(' ') > 0 && /s$|^\p{Lu}+$/u.test(term)
    return !(weight < 4 && parts.has(key)) && !(isLonger && found.has(keyOf(term.slice(0, term.lastIndexOf(' ')))))
  })
}

/** Whether a line is written with capitals throughout, as titles are: there a run of them is no name. */
function isTitleCase(head: string): boolean {
  const words = head.replace(/`[^`]*`/g, '').match(/[\p{L}][\p{L}\p{N}'’-]{3,}/gu) ?? []
  return words.length > 0 && words.every((one) => /\p{Lu}/u.test(one) || linking.test(one))
}

/** Topics, each with whether it is but an aspect of something that is compared, or one of several faults. */
function* withAspects(topics: readonly Topic[]): Generator<{topic: Topic; isAspect: boolean}> {
  const aspects = new Set<Topic>()
  for (const topic of eachTopic(topics)) {
    if (aspects.has(topic) || ['comparison', 'problems'].includes(topicForm(topic)))
      for (const child of topic.children) aspects.add(child)
    yield {topic, isAspect: aspects.has(topic)}
  }
}

/** A longer term without its first words, as a name that begins behind them would be found in it. */
function endsOf(term: string): string[] {
  const words = term.split(' ')
  return words.slice(1).map((_, at) => keyOf(words.slice(at + 1).join(' ')))
}

function partsOf(term: string): string[] {
  const [, long, short] = /^(.+) \((.+)\)$/.exec(term) ?? []
  if (long !== undefined && short !== undefined) return [keyOf(long), keyOf(short)]
  return term.includes('/') ? term.split('/').map(keyOf) : []
}

/** The last words before an abbreviation that it abbreviates; undefined where their letters are others. */
function spelling(before: string, short: string): string | undefined {
  const letters = [...short.replace(/s$/, '').toLowerCase()]
  const words = before.split(' ')
  for (let count = Math.min(words.length, letters.length); count > 0; count--) {
    const last = words.slice(-count)
    const initials = last.map((one) => (one[0] ?? '').toLowerCase())
    const isSame = initials[0] === letters[0] && isWithin(letters, last.join('').toLowerCase())
    if (isSame && (count > 1 || last[0] !== short)) return last.join(' ')
  }
  return undefined
}

function isWithin(letters: readonly string[], text: string): boolean {
  let from = 0
  for (const letter of letters) {
    const at = text.indexOf(letter, from)
    if (at < 0) return false
    from = at + 1
  }
  return true
}

/** Names in a text: several words with capitals, or one that no plain word looks like. */
function namesOf(text: string, middles: ReadonlySet<string>): string[] {
  const names: string[] = []
  for (const {0: run, index} of text.matchAll(name)) {
    let words = run.split(' ')
    // The first word of a sentence has a capital anyway.
    if (isStart(text, index) && !mixedCase.test(words[0] as string) && !middles.has(words[0] as string))
      words = words.slice(1)
    while (words.length > 0 && /^\d+$/.test(words[0] as string)) words = words.slice(1)
    if (words.length > 5 || words.length === 0) continue
    const [only = ''] = words
    if (words.length > 1 || mixedCase.test(only)) names.push(words.join(' '))
  }
  return names
}

/** Whether a sentence, or the part behind a colon or an opening parenthesis, begins there. */
function isStart(text: string, index: number): boolean {
  return /(?:^|[.:;(!?]\s*|["'“‘]\s*)$/.test(text.slice(Math.max(0, index - 3), index))
}

/** Words that have a capital in the middle of a sentence somewhere: parts of names. */
function namesWithinSentences(chapters: readonly TopicChapter[]): Set<string> {
  const middles = new Set<string>()
  for (const {topics} of chapters) {
    for (const topic of eachTopic(topics)) {
      const text = isTitleCase(topic.head) ? topic.description : topic.text
      const {length} = text
      for (const {0: run, index} of text.matchAll(name)) {
        if (index === 0 || length === run.length) continue
        const words = run.split(' ')
        for (const one of isStart(text, index) ? words.slice(1) : words) middles.add(one)
      }
    }
  }
  return middles
}

/** A term as it is compared: lower case, in the singular. */
function keyOf(term: string): string {
  return termWords(wordsOf(term)).join(' ')
}
