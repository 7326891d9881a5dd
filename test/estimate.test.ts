import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {textTable} from '../src/cli/text-table.ts'
import type {WordBounds} from '../src/model/directive.ts'
import {directiveKinds} from '../src/model/job.ts'
import {addRanges, noRange, type Range} from '../src/model/range.ts'
import {type CompletionFact, CompletionHistory} from '../src/plan/completion-history.ts'
import {estimateJob, estimateWords, type JobSize} from '../src/plan/estimate-job.ts'
import {roughTokens} from '../src/plan/rough-tokens.ts'

const none = new CompletionHistory([])

const size: JobSize = {kind: 'section', container: 'block', model: 'test-model', roughInputTokens: 1000}

function fact(words: number, outputTokens: number, more: Partial<CompletionFact> = {}): CompletionFact {
  return {
    kind: 'section',
    container: 'block',
    provider: 'openai',
    model: 'test-model',
    roughInputTokens: 100,
    words,
    usage: {inputTokens: 130, outputTokens},
    ...more,
  }
}

describe('an estimate without history', () => {
  it('takes the length from the bounds that the request asks for', () => {
    const {words} = estimateJob({...size, bounds: {min: 300, max: 400}}, none)
    expect(words).toEqual({low: 240, expected: 350, high: 500})
    expect(estimateWords({...size, bounds: {min: 0, max: 100}}, none)).toEqual({low: 40, expected: 75, high: 125})
  })

  it('else from the kind, and shorter for a list item than for a block', () => {
    const quiz = estimateWords({...size, kind: 'quiz'}, none)
    expect(quiz.low).toBe(quiz.expected / 2)
    expect(quiz.high).toBe(quiz.expected * 2)
    expect(estimateWords({...size, container: 'list-item'}, none).expected).toBeLessThan(
      estimateWords(size, none).expected,
    )
  })

  it('expects thought before the text of a model that reasons, which is output too', () => {
    const plain = estimateJob({...size, model: 'gpt-4o-mini'}, none).outputTokens
    const reasoning = estimateJob({...size, model: 'gpt-5-mini'}, none).outputTokens
    expect(reasoning.expected).toBe(plain.expected + 600)
  })

  it('never expects more output than the request allows', () => {
    const {outputTokens} = estimateJob({...size, model: 'gpt-5', maxTokens: 400}, none)
    expect(outputTokens).toMatchObject({expected: 400, high: 400})
  })

  it('counts texts that a request will hold and that are not there yet as input', () => {
    const before = estimateJob(size, none).inputTokens
    const after = estimateJob({...size, upstreamWords: {low: 100, expected: 200, high: 400}}, none).inputTokens
    expect(after.expected).toBe(before.expected + 300)
    expect(after.high).toBeCloseTo(before.high + 880, 9)
  })
})

describe('an estimate from history', () => {
  const history = new CompletionHistory([fact(100, 400), fact(120, 440), fact(140, 480)])

  it('has the words and tokens of texts alike, with their spread', () => {
    const {words, inputTokens, outputTokens} = estimateJob(size, history)
    expect(words).toEqual({low: 100, expected: 120, high: 140})
    expect(outputTokens).toEqual({low: 400, expected: 440, high: 480})
    expect(inputTokens.low).toBeCloseTo(1300, 9)
    expect(inputTokens.high).toBeCloseTo(1300, 9)
  })

  it('does not take texts of another length or container for alike, but their tokens per word', () => {
    const bounded = estimateJob({...size, bounds: {min: 1000, max: 1000}}, history)
    expect(bounded.words.expected).toBe(1000)
    expect(bounded.outputTokens.expected).toBeCloseTo((1000 * 1320) / 360, 6)
    expect(estimateWords({...size, container: 'list-item'}, history)).toEqual(
      estimateWords({...size, container: 'list-item'}, none),
    )
  })

  it('counts reasoning per request and not per word', () => {
    const usage = {inputTokens: 130, outputTokens: 1150, reasoningTokens: 1000}
    const thinking = new CompletionHistory([1, 2, 3].map(() => fact(100, 1150, {usage})))
    const {outputTokens} = estimateJob({...size, bounds: {min: 1000, max: 1000}}, thinking)
    expect(outputTokens.expected).toBe(2500)
  })

  it('takes no token count from another model', () => {
    const other = estimateJob({...size, model: 'other-model'}, history)
    expect(other.words.expected).toBe(120)
    expect(other.outputTokens.expected).toBe(180)
    expect(other.inputTokens.expected).toBe(1000)
  })

  it('says nothing from two texts, from drafts, or from usages that were only estimated', () => {
    const histories = [
      [fact(100, 400), fact(120, 440)],
      [1, 2, 3].map(() => fact(100, 400, {provider: 'draft', usage: {inputTokens: 0, outputTokens: 0}})),
      [1, 2, 3].map(() => fact(100, 400, {usage: {inputTokens: 130, outputTokens: 400, estimated: true}})),
    ]
    for (const facts of histories)
      expect(estimateJob(size, new CompletionHistory(facts))).toEqual(estimateJob(size, none))
  })
})

describe('every estimate', () => {
  const bounds: fc.Arbitrary<WordBounds | undefined> = fc.option(
    fc
      .tuple(fc.nat(3000), fc.integer({min: 1, max: 3000}))
      .map(([a, b]) => ({min: Math.min(a, b), max: Math.max(a, b)})),
    {nil: undefined},
  )
  const sort = fc.record({
    kind: fc.constantFrom(...directiveKinds),
    container: fc.constantFrom('block' as const, 'list-item' as const, 'labelled' as const),
    bounds,
  })
  const model = fc.constantFrom('gpt-5', 'gpt-4o', 'other')
  const facts = fc.array(
    fc
      .tuple(sort, model, fc.nat(5000), fc.nat(20_000), fc.nat(20_000), fc.nat(20_000))
      .map(([{bounds: own, ...rest}, name, words, rough, inputTokens, outputTokens]) =>
        fact(words, outputTokens, {
          ...rest,
          ...(own === undefined ? {} : {bounds: own}),
          model: name,
          roughInputTokens: rough,
          usage: {inputTokens, outputTokens},
        }),
      ),
    {maxLength: 30},
  )
  const jobs = fc.array(
    fc.tuple(sort, model, fc.nat(20_000), fc.option(fc.integer({min: 1, max: 5000}), {nil: undefined})),
    {minLength: 1, maxLength: 20},
  )

  it('has low ≤ expected ≤ high, finite and not below 0, for one job and in sum', () => {
    fc.assert(
      fc.property(facts, jobs, (past, wanted) => {
        const history = new CompletionHistory(past)
        let sum = noRange
        for (const [{bounds: own, ...rest}, name, roughInputTokens, maxTokens] of wanted) {
          const estimate = estimateJob(
            {
              ...rest,
              ...(own === undefined ? {} : {bounds: own}),
              model: name,
              roughInputTokens,
              ...(maxTokens === undefined ? {} : {maxTokens}),
            },
            history,
          )
          for (const range of Object.values(estimate) as Range[]) {
            expectOrdered(range)
            sum = addRanges(sum, range)
          }
        }
        expectOrdered(sum)
      }),
      {seed: 20_261_121, numRuns: 300},
    )
  })

  function expectOrdered({low, expected, high}: Range): void {
    expect(low).toBeGreaterThanOrEqual(0)
    expect(low).toBeLessThanOrEqual(expected)
    expect(expected).toBeLessThanOrEqual(high)
    expect(Number.isFinite(high)).toBe(true)
  }
})

describe('rough tokens', () => {
  it('are one for four Latin letters, one for two of another alphabet, one for each Chinese character', () => {
    expect(roughTokens('')).toBe(0)
    expect(roughTokens('abcdefgh')).toBe(2)
    expect(roughTokens('Привет мир')).toBe(5)
    expect(roughTokens('你好')).toBe(2)
  })
})

describe('a table', () => {
  it('is at most 80 columns wide: only the first cell is cut', () => {
    const lines = textTable([
      ['chapter', 'words', 'cost'],
      ['A'.repeat(200), '1234', '0.42'],
      ['章'.repeat(60), '1', '12345.67'],
      ['short', '12', '1.00'],
    ])
    for (const line of lines) expect(line.length + (line.match(/章/g)?.length ?? 0)).toBeLessThanOrEqual(80)
    expect(lines[1]).toMatch(/^A+… {2}1234 {5}0\.42$/)
    expect(lines[2]).toMatch(/^章+… +1 12345\.67$/)
    expect(lines[3]).toMatch(/^short +12 {5}1\.00$/)
  })
})
