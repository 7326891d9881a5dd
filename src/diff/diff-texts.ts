import {normaliseLineEnds} from '../model/content-address.ts'
import type {Match} from '../model/rising-matches.ts'
import {alignSequences} from './align-sequences.ts'
import {pairBlocks} from './pair-blocks.ts'
import {type BlockKind, readBlocks, type TextBlock} from './text-blocks.ts'
import {countWords, diffWords, joinSpans, type Span} from './word-spans.ts'

/** A block of either text, or of both. */
export interface BlockDiff {
  readonly kind: BlockKind
  readonly change: 'same' | 'added' | 'removed' | 'changed'
  /** The block with what stands before its text; without the added spans as it was, without the removed ones as it is. */
  readonly spans: readonly Span[]
}

/** How one Markdown text became another. */
export interface TextDiff {
  /**
   * `same` for equal texts, line ends and white space at the ends aside; `reflowed` where only wrapping, the padding of
   * tables or the style of markers differ; `rewritten` where next to nothing is left of the text before: then all its
   * blocks are removed and all of the other added.
   */
  readonly change: 'same' | 'reflowed' | 'changed' | 'rewritten'
  /** All blocks, those that are the same too, in reading order; of a `same` text none. */
  readonly blocks: readonly BlockDiff[]
  readonly wordsAdded: number
  readonly wordsRemoved: number
}

/** Share of the longer text's words that must be left for it to be the same text, changed. */
const leastKept = 0.15

/** Words from which a text can be called rewritten: a short one is soon another. */
const leastRewritten = 40

/**
 * Compares two Markdown texts by blocks and, inside of blocks that changed, by words; tables by row and cell, code by
 * line, lists by item. Time is bounded for unrelated texts too: a part that differs too much is removed and added whole.
 */
export function diffTexts(before: string, after: string): TextDiff {
  const was = normaliseLineEnds(before).trim()
  const is = normaliseLineEnds(after).trim()
  if (was === is) return {change: 'same', blocks: [], wordsAdded: 0, wordsRemoved: 0}
  const blocksBefore = readBlocks(was)
  const blocksAfter = readBlocks(is)
  const matches = alignSequences(blocksBefore.map(keyOf), blocksAfter.map(keyOf))
  const blocks = diffBlocks(blocksBefore, blocksAfter, matches)
  if (blocks.every(({change}) => change === 'same')) return {change: 'reflowed', blocks, wordsAdded: 0, wordsRemoved: 0}
  const kept = wordsOf(blocks, 'same')
  const wordsAdded = wordsOf(blocks, 'added')
  const wordsRemoved = wordsOf(blocks, 'removed')
  const most = kept + Math.max(wordsAdded, wordsRemoved)
  if (Math.min(wordsAdded, wordsRemoved) < leastRewritten || kept >= leastKept * most)
    return {change: 'changed', blocks, wordsAdded, wordsRemoved}
  return {
    change: 'rewritten',
    blocks: diffBlocks(blocksBefore, blocksAfter, [], false),
    wordsAdded: wordsAdded + kept,
    wordsRemoved: wordsRemoved + kept,
  }
}

function keyOf({kind, prefix, text}: TextBlock): string {
  return `${kind}\n${prefix}\n${text}`
}

function wordsOf(blocks: readonly BlockDiff[], change: Span['change']): number {
  let words = 0
  for (const {spans} of blocks) for (const span of spans) if (span.change === change) words += countWords(span.text)
  return words
}

/** The blocks of both texts in reading order; between matches, what went stands before what came. */
function diffBlocks(
  before: readonly TextBlock[],
  after: readonly TextBlock[],
  matches: readonly Match[],
  isPaired = true,
): BlockDiff[] {
  const blocks: BlockDiff[] = []
  let from: Match = {before: 0, after: 0}
  for (const match of [...matches, {before: before.length, after: after.length}]) {
    const gone = before.slice(from.before, match.before)
    const come = after.slice(from.after, match.after)
    diffGap(gone, come, isPaired ? pairBlocks(gone, come) : [], blocks)
    const same = after[match.after]
    if (match.before < before.length && same !== undefined) blocks.push(wholeBlock(same, 'same'))
    from = {before: match.before + 1, after: match.after + 1}
  }
  return blocks
}

function diffGap(
  gone: readonly TextBlock[],
  come: readonly TextBlock[],
  pairs: readonly Match[],
  blocks: BlockDiff[],
): void {
  let was = 0
  let is = 0
  for (const pair of [...pairs, {before: gone.length, after: come.length}]) {
    for (; was < pair.before; was++) blocks.push(wholeBlock(gone[was] as TextBlock, 'removed'))
    for (; is < pair.after; is++) blocks.push(wholeBlock(come[is] as TextBlock, 'added'))
    const [old, young] = [gone[was++], come[is++]]
    if (old !== undefined && young !== undefined)
      blocks.push({kind: young.kind, change: 'changed', spans: diffBlock(old, young)})
  }
}

function wholeBlock({kind, prefix, text}: TextBlock, change: Span['change']): BlockDiff {
  return {kind, change, spans: joinSpans([{change, text: prefix + text}])}
}

function diffBlock(before: TextBlock, after: TextBlock): Span[] {
  const prefix: Span[] =
    before.prefix === after.prefix
      ? [{change: 'same', text: after.prefix}]
      : [
          {change: 'removed', text: before.prefix},
          {change: 'added', text: after.prefix},
        ]
  if (before.parts === undefined || after.parts === undefined)
    return joinSpans([...prefix, ...diffWords(before.text, after.text)])
  const isCode = after.kind === 'code'
  return joinSpans([
    ...prefix,
    ...(isCode ? diffLines(before.parts, after.parts) : diffCells(before.parts, after.parts)),
  ])
}

/** Lines of code that are the same, went or came, each with its line end but for the last one. */
function diffLines(before: readonly string[], after: readonly string[]): Span[] {
  const spans: Span[] = []
  // The last line ends the block on both sides: without a line end of its own, spans would not give the texts again.
  const lines = (parts: readonly string[]): string[] => parts.map((part, at) => (at === 0 ? part : `\n${part}`))
  const was = lines(before)
  const is = lines(after)
  forGaps(was, is, (gone, come, same) => {
    spans.push({change: 'removed', text: gone.join('')}, {change: 'added', text: come.join('')})
    if (same !== undefined) spans.push({change: 'same', text: same})
  })
  return spans
}

/** Cells by their words where a row has as many as before, else cells that went and came. */
function diffCells(before: readonly string[], after: readonly string[]): Span[] {
  const spans: Span[] = [{change: 'same', text: '|'}]
  const cell = (change: Span['change'], text: string): void => {
    spans.push({change, text: ` ${text} |`})
  }
  forGaps(before, after, (gone, come, same) => {
    if (gone.length === come.length)
      gone.forEach((text, at) => {
        const words = diffWords(text, come[at] as string)
        spans.push({change: 'same', text: ' '}, ...words, {change: 'same', text: ' |'})
      })
    else {
      for (const text of gone) cell('removed', text)
      for (const text of come) cell('added', text)
    }
    if (same !== undefined) cell('same', same)
  })
  return spans
}

/** Calls `visit` for each value that is the same, and once at the end, with what went and came before it. */
function forGaps(
  before: readonly string[],
  after: readonly string[],
  visit: (gone: readonly string[], come: readonly string[], same: string | undefined) => void,
): void {
  let from: Match = {before: 0, after: 0}
  for (const match of alignSequences(before, after)) {
    visit(before.slice(from.before, match.before), after.slice(from.after, match.after), after[match.after])
    from = {before: match.before + 1, after: match.after + 1}
  }
  visit(before.slice(from.before), after.slice(from.after), undefined)
}
