import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {configSchema} from '../src/config/config-schema.ts'
import {defaultPrices} from '../src/model/default-prices.ts'
import {sumByModel, totalCostUsd} from '../src/model/model-usage.ts'
import {costUsd} from '../src/model/price.ts'
import {priceOf} from '../src/model/price-of.ts'

describe('the cost of a call', () => {
  const price = {inputUsdPerMillion: 2, cachedInputUsdPerMillion: 0.5, outputUsdPerMillion: 8}

  it('takes cached input tokens off the input and counts them at their own price', () => {
    expect(costUsd({inputTokens: 1_000_000, cachedInputTokens: 400_000, outputTokens: 0}, price)).toBeCloseTo(1.4, 12)
  })

  it('counts cached input tokens as input where there is no price for them', () => {
    const plain = {inputUsdPerMillion: 2, outputUsdPerMillion: 8}
    expect(costUsd({inputTokens: 1_000_000, cachedInputTokens: 400_000, outputTokens: 0}, plain)).toBe(2)
  })

  it('does not count reasoning tokens twice: they are output tokens', () => {
    expect(costUsd({inputTokens: 0, outputTokens: 1000, reasoningTokens: 900}, price)).toBeCloseTo(0.008, 12)
  })
})

describe('the price of a model', () => {
  it('is the table’s, with its day', () => {
    expect(priceOf('gpt-4o-mini')).toEqual({
      inputUsdPerMillion: 0.15,
      cachedInputUsdPerMillion: 0.075,
      outputUsdPerMillion: 0.6,
      asOf: '2026-03-21',
    })
  })

  it('is the base model’s for a snapshot whose name ends in a date, unless the snapshot has its own', () => {
    expect(priceOf('gpt-4o-mini-2024-07-18')).toEqual(priceOf('gpt-4o-mini'))
    expect(priceOf('gpt-4o-2024-08-06')?.inputUsdPerMillion).toBe(2.5)
    expect(priceOf('gpt-4o-2024-05-13')?.inputUsdPerMillion).toBe(5)
  })

  it.each([
    'llama3.1',
    'gpt-4o-mini-2024',
    'gpt-4o-mini-20240718',
    'gpt-5-chat-latest',
    'openai/gpt-4o',
    'GPT-4o',
    '-2024-07-18',
    'constructor',
    '__proto__',
    '',
  ])('is unknown for `%s`, and not 0', (model) => {
    expect(priceOf(model)).toBeUndefined()
  })

  it('is the config’s where there is one, also for snapshots, and then has no day', () => {
    const settings = {'gpt-4o': {input: 1, output: 4}, local: {input: 0, output: 0}, toString: {input: 1, output: 1}}
    expect(priceOf('gpt-4o', settings)).toEqual({inputUsdPerMillion: 1, outputUsdPerMillion: 4})
    expect(priceOf('gpt-4o-2024-08-06', settings)).toEqual({inputUsdPerMillion: 1, outputUsdPerMillion: 4})
    expect(priceOf('local', settings)).toEqual({inputUsdPerMillion: 0, outputUsdPerMillion: 0})
    expect(priceOf('valueOf', settings)).toBeUndefined()
  })

  it('stands in docs/prices.md as in the table, and nothing else does', () => {
    const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'prices.md'), 'utf8')
    const rows = [...page.matchAll(/^\| `([^`]+)` \| ([\d.]+) \| ([\d.]+|–) \| ([\d.]+) \| (\d{4}-\d\d-\d\d) \|/gm)]
    const documented = rows.map(([, model, input, cached, output, asOf]) => [
      model,
      {
        inputUsdPerMillion: Number(input),
        ...(cached === '–' ? {} : {cachedInputUsdPerMillion: Number(cached)}),
        outputUsdPerMillion: Number(output),
        asOf,
      },
    ])
    expect(Object.fromEntries(documented)).toEqual(defaultPrices)
  })
})

describe('the cost of many calls', () => {
  const spent = [
    {model: 'gpt-4o', usage: {inputTokens: 1000, outputTokens: 100}},
    {model: 'gpt-4o-mini', usage: {inputTokens: 1000, cachedInputTokens: 500, outputTokens: 100, estimated: true}},
    {model: 'gpt-4o', usage: {inputTokens: 500, outputTokens: 50, reasoningTokens: 20}},
  ]

  it('adds up per model', () => {
    expect(sumByModel(spent)).toEqual([
      {model: 'gpt-4o', usage: {inputTokens: 1500, outputTokens: 150, reasoningTokens: 20}},
      {model: 'gpt-4o-mini', usage: {inputTokens: 1000, cachedInputTokens: 500, outputTokens: 100, estimated: true}},
    ])
  })

  it('is the sum at each model’s price, and the same from the sums per model', () => {
    const usd = 0.00375 + 0.0015 + 0.000075 + 0.0000375 + 0.00006
    expect(totalCostUsd(spent)).toBeCloseTo(usd, 12)
    expect(totalCostUsd(sumByModel(spent))).toBeCloseTo(usd, 12)
  })

  it('is 0 for nothing and unknown as soon as one model’s price is', () => {
    expect(totalCostUsd([])).toBe(0)
    expect(totalCostUsd([...spent, {model: 'other', usage: {inputTokens: 1, outputTokens: 1}}])).toBeUndefined()
  })
})

describe('prices in the config', () => {
  it('are taken from 0 up', () => {
    const prices = {'llama3.1': {input: 0, output: 0}, 'gpt-5': {input: 1.1, cachedInput: 0.1, output: 9}}
    expect(configSchema.parse({prices})).toEqual({prices})
  })

  it.each([
    ['a price below zero', {input: -1, output: 1}],
    ['an endless price', {input: Number.POSITIVE_INFINITY, output: 1}],
    ['no number', {input: Number.NaN, output: 1}],
    ['a text', {input: '1', output: 1}],
    ['no price for output', {input: 1}],
    ['an unknown key', {input: 1, output: 1, reasoning: 1}],
  ])('refuse %s', (_, own) => {
    expect(configSchema.safeParse({prices: {model: own}}).success).toBe(false)
  })
})
