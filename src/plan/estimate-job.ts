import type {WordBounds} from '../model/directive.ts'
import type {DirectiveKind} from '../model/job.ts'
import {addRanges, mapRange, multiplyRanges, noRange, type Range, rangeAround} from '../model/range.ts'
import type {CompletionHistory, TextSort} from './completion-history.ts'

/** A job as far as its size is estimated. */
export interface JobSize extends TextSort {
  readonly model: string
  /** Upper limit of output tokens, where the request sets one. */
  readonly maxTokens?: number
  /** `roughTokens` of the request as it would be sent now. */
  readonly roughInputTokens: number
  /** Words of texts that the request will hold and that are not there yet. */
  readonly upstreamWords?: Range
}

/** What one request would send and bring. */
export interface JobEstimate {
  readonly words: Range
  readonly inputTokens: Range
  /** Reasoning included. */
  readonly outputTokens: Range
}

/** Words of a block by kind, before there is a text of that kind to go by. */
const usualWords: Readonly<Record<DirectiveKind, number>> = {
  objectives: 90,
  overview: 220,
  section: 250,
  summary: 120,
  'key-terms': 180,
  quiz: 350,
  'cross-reference': 80,
  'further-exploration': 110,
  reflection: 90,
  lead: 50,
  facts: 100,
  'call-out': 40,
  'use-cases': 40,
  features: 110,
  comparison: 140,
  'summary-table': 200,
  choices: 110,
  notes: 90,
  tips: 130,
}

/** Words of a text that is one list item or goes on in a label's line; templates ask for a paragraph or two. */
const usualItemWords = 110
const usualLabelledWords = 60

/** English prose makes four tokens of three words (1.33); Markdown's marks, code and rare terms add to that. */
const tokensPerWord: Range = {low: 1.3, expected: 1.5, high: 2.2}

/** A guess from the script alone is off by this much: chat framing adds, plain prose takes away. */
const inputTokensPerRough: Range = {low: 0.8, expected: 1, high: 1.4}

/** Tokens that a model thinks before it writes, in a request of this size. Nothing tells before the first text. */
const reasoningTokens: Range = {low: 100, expected: 600, high: 2500}
const possibleReasoningTokens: Range = {low: 0, expected: 0, high: 600}

/** OpenAI's models that reason by default, by the beginning of their names. */
const reasoningModel = /^(?:o\d|gpt-5)/

/** Words of a text to come: those of its like in this course, else what is asked for, else what is usual for its kind. */
export function estimateWords(sort: TextSort, history: CompletionHistory): Range {
  const {kind, container, bounds} = sort
  const known = history.words(sort)
  if (known !== undefined) return known
  if (bounds !== undefined) return boundedWords(bounds)
  const isShort = kind === 'section' && container !== 'block'
  const usual = !isShort ? usualWords[kind] : container === 'list-item' ? usualItemWords : usualLabelledWords
  return {low: usual / 2, expected: usual, high: usual * 2}
}

/** Estimate of one request, from the course's own completions where there are enough of its like. */
export function estimateJob(size: JobSize, history: CompletionHistory): JobEstimate {
  const {model, maxTokens, roughInputTokens, upstreamWords} = size
  const words = estimateWords(size, history)
  const perRough = history.inputTokensPerRough(model) ?? inputTokensPerRough
  const toCome = multiplyRanges(upstreamWords ?? noRange, tokensPerWord)
  const inputTokens = addRanges(
    mapRange(perRough, (ratio) => ratio * roughInputTokens),
    toCome,
  )
  const output = history.outputTokens(model, size) ?? outputFromWords(words, model, history)
  const outputTokens = maxTokens === undefined ? output : mapRange(output, (tokens) => Math.min(tokens, maxTokens))
  return {words, inputTokens, outputTokens}
}

function outputFromWords(words: Range, model: string, history: CompletionHistory): Range {
  const guess = reasoningModel.test(model) ? reasoningTokens : possibleReasoningTokens
  const thought = history.reasoningTokens(model) ?? guess
  return addRanges(multiplyRanges(words, history.tokensPerWord(model) ?? tokensPerWord), thought)
}

/** Models keep to bounds more or less: a fifth below and a quarter above are common. */
function boundedWords({min, max}: WordBounds): Range {
  return min === 0
    ? rangeAround(max * 0.4, max * 0.75, max * 1.25)
    : rangeAround(min * 0.8, (min + max) / 2, max * 1.25)
}
