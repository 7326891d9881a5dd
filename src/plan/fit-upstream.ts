import type {CountTokens} from './load-tokenizer.ts'
import {splitBlocks} from './markdown-blocks.ts'

/** A text that a request carries under its title. */
export interface TitledText {
  readonly title: string
  readonly text: string
}

/** Tokens of upstream texts in one request where the config names no other number. */
export const defaultContextTokens = 48_000

/** Stands on a line of its own where a text was shortened. */
export const shorteningMark = '[…]'

/**
 * Whether texts are within a budget for certain: a token of any byte-level tokenizer has at least one byte of UTF-8, so
 * that a text has no more tokens than bytes.
 */
export function fitsByBytes(texts: readonly TitledText[], budgetTokens: number): boolean {
  let size = 0
  for (const {title, text} of texts) {
    size += Buffer.byteLength(title, 'utf8') + Buffer.byteLength(text, 'utf8')
    if (size > budgetTokens) return false
  }
  return true
}

/**
 * The texts within a budget, titles counted, in their order. Short ones stay whole and long ones share alike what is
 * left; each keeps its first block where that is possible at all. They are cut between blocks, so never inside fenced
 * code or a table, or else after a sentence of the first paragraph, and end in `[…]`. Where not even the titles are
 * within the budget, the last texts are left out.
 */
export function fitUpstream<Text extends TitledText>(
  texts: readonly Text[],
  budgetTokens: number,
  countTokens: CountTokens,
): Text[] {
  if (fitsByBytes(texts, budgetTokens)) return [...texts]
  const kept: Text[] = []
  let left = budgetTokens
  for (const text of texts) {
    const tokens = countTokens(text.title, left)
    if (tokens > left) break
    left -= tokens
    kept.push(text)
  }
  const shares = shareOut(
    kept.map(({text}) => text),
    left,
    countTokens,
  )
  return kept.map((text, at) => (shares[at] === text.text ? text : {...text, text: shares[at] as string}))
}

interface Claim {
  readonly at: number
  readonly text: string
  /** Tokens of the whole text; above the budget where it has more. */
  readonly whole: number
  /** Tokens that it gets in any case. */
  readonly floor: number
}

function shareOut(texts: readonly string[], budget: number, countTokens: CountTokens): string[] {
  const wholes = texts.map((text) => countTokens(text, budget))
  if (sum(wholes) <= budget) return [...texts]
  const floors = floorsOf(texts, wholes, budget, countTokens)
  const claims = texts
    .map((text, at): Claim => ({at, text, whole: wholes[at] as number, floor: floors[at] as number}))
    .sort((a, b) => a.whole - b.whole || a.at - b.at)
  const shares: string[] = []
  let left = budget
  let promised = sum(floors)
  claims.forEach(({at, text, whole, floor}, number) => {
    promised -= floor
    // What short texts leave over, and what a cut between blocks leaves over, goes to those that follow.
    const share = Math.floor(left / (claims.length - number))
    const most = Math.min(left - promised, Math.max(floor, share))
    const cut = whole <= most ? text : shorten(text, most, countTokens)
    left -= whole <= most ? whole : countTokens(cut)
    shares[at] = cut
  })
  return shares
}

/** What each text gets before anything is shared: its first block, else the mark alone, else nothing. */
function floorsOf(
  texts: readonly string[],
  wholes: readonly number[],
  budget: number,
  countTokens: CountTokens,
): readonly number[] {
  const least = (make: (text: string) => string): number[] =>
    texts.map((text, at) => Math.min(wholes[at] as number, countTokens(make(text), budget)))
  const first = least((text) => marked(splitBlocks(text).slice(0, 1)))
  if (sum(first) <= budget) return first
  const marks = least(() => shorteningMark)
  return sum(marks) <= budget ? marks : texts.map(() => 0)
}

/** As many blocks as `most` tokens hold, with the mark; else as many sentences; else the mark; else nothing. */
function shorten(text: string, most: number, countTokens: CountTokens): string {
  const isWithin = (cut: string): boolean => countTokens(cut, most) <= most
  const blocks = splitBlocks(text)
  const byBlocks = longest(blocks.length, (count) => marked(blocks.slice(0, count)), isWithin)
  if (byBlocks !== undefined) return byBlocks
  const sentences = sentencesOf(blocks[0] ?? '')
  const bySentences = longest(sentences.length, (count) => marked([sentences.slice(0, count).join('')]), isWithin)
  return bySentences ?? (isWithin(shorteningMark) ? shorteningMark : '')
}

/** The longest of texts that grow with `count`, from 1 on, which is within the limit. */
function longest(
  most: number,
  make: (count: number) => string,
  isWithin: (text: string) => boolean,
): string | undefined {
  let best: string | undefined
  let from = 1
  let to = most
  while (from <= to) {
    const middle = (from + to) >> 1
    const text = make(middle)
    if (isWithin(text)) {
      best = text
      from = middle + 1
    } else {
      to = middle - 1
    }
  }
  return best
}

function marked(blocks: readonly string[]): string {
  return [...blocks.map((block) => block.trimEnd()), shorteningMark].join('\n\n')
}

/** Sentences of a paragraph, a heading before it with the first; none of a list, a table, code or a quote. */
function sentencesOf(block: string): string[] {
  const paragraph = block.replace(/^(?:[ ]{0,3}#{1,6}(?:[ \t].*)?\n+)+/, '')
  if (paragraph === '' || /^\s*(?:[`~|>#<]|[-*+]\s|\d{1,9}[.)]\s)/.test(paragraph) || /^[ \t|:]*-{3,}/m.test(paragraph))
    return []
  const heading = block.slice(0, block.length - paragraph.length)
  const [first = '', ...rest] = paragraph.match(/[^]*?[.!?…。！？]["'”’)\]]*(?:\s+|$)|[^]+$/g) ?? []
  return [heading + first, ...rest]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
