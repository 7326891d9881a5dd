import {readCitations} from '../syntax/read-citations.ts'
import type {PassageLibrary} from './passage-library.ts'
import {splitSentences} from './split-sentences.ts'
import {stemWords} from './word-stems.ts'

/** Least share of a sentence's stems that a passage must have to support it where it cites the passage's source. */
const leastCitedShare = 0.25
/** The same where it cites nothing. */
const leastShare = 0.4
/** Stems that a sentence must have for it to say something that can be held against sources. */
const leastStems = 4

/** A sentence that cites a source of which no passage supports it. */
export interface UnsupportedCitation {
  readonly sentence: string
  readonly number: number
}

/** Tells which sentences the passages of notes support, by their common stems. */
export class SourceSupport {
  /** Passages by stem. */
  private readonly byStem = new Map<string, number[]>()
  private readonly numbers: readonly (readonly number[])[]
  private readonly withPassages = new Set<number>()

  constructor({passages}: PassageLibrary) {
    this.numbers = passages.map(({numbers}) => numbers)
    passages.forEach(({noteTitle, topic, term, text, block, numbers}, at) => {
      for (const number of numbers) this.withPassages.add(number)
      for (const stem of new Set(stemWords(`${noteTitle} ${topic} ${term} ${text} ${block}`))) {
        const known = this.byStem.get(stem)
        if (known === undefined) this.byStem.set(stem, [at])
        else known.push(at)
      }
    })
  }

  /** Citations of a paragraph that no passage of their source supports; a source without passages cannot be held to any. */
  unsupported(paragraph: string): readonly UnsupportedCitation[] {
    if (readCitations(paragraph).length === 0) return []
    return splitSentences(paragraph).flatMap((sentence) => {
      const cited = new Set(readCitations(sentence).flatMap(({numbers}) => numbers))
      const checked = [...cited].filter((number) => this.withPassages.has(number))
      const stems = checked.length === 0 ? [] : contentStems(sentence)
      if (stems.length < leastStems) return []
      const common = this.commonStems(stems)
      const supports = (number: number): boolean =>
        [...common].some(
          ([at, count]) => count >= 2 && count / stems.length >= leastCitedShare && this.numbers[at]?.includes(number),
        )
      return checked.filter((number) => !supports(number)).map((number) => ({sentence, number}))
    })
  }

  /** Sentences of a paragraph that say something, and whether any passage or other text supports each. */
  judge(
    paragraph: string,
    others: readonly ReadonlySet<string>[] = [],
  ): readonly {sentence: string; isSupported: boolean}[] {
    return splitSentences(paragraph).flatMap((sentence) => {
      const stems = contentStems(sentence)
      if (stems.length < leastStems || /[?:]$/.test(sentence)) return []
      const need = Math.max(2, leastShare * stems.length)
      const inOthers = others.some((known) => stems.filter((stem) => known.has(stem)).length >= need)
      return [{sentence, isSupported: inOthers || [...this.commonStems(stems).values()].some((count) => count >= need)}]
    })
  }

  /** By passage, how many of the stems it has. */
  private commonStems(stems: readonly string[]): ReadonlyMap<number, number> {
    const common = new Map<number, number>()
    for (const stem of stems) for (const at of this.byStem.get(stem) ?? []) common.set(at, (common.get(at) ?? 0) + 1)
    return common
  }
}

/** Stems of the sentences of a text, each by itself, for `SourceSupport.judge`. */
export function sentenceStems(text: string): readonly ReadonlySet<string>[] {
  return text.split('\n').flatMap((line) => splitSentences(line).map((sentence) => new Set(contentStems(sentence))))
}

function contentStems(sentence: string): readonly string[] {
  return [...new Set(stemWords(sentence.replace(/\[[\d,\s]+\]/g, ' ')))]
}
