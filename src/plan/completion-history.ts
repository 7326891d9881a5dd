import type {ProviderName, Usage} from '../model/completion.ts'
import type {ContainerKind, WordBounds} from '../model/directive.ts'
import type {DirectiveKind} from '../model/job.ts'
import {type Range, rangeAround} from '../model/range.ts'

/** What sort of text a job asks for: those alike in it are expected to be of like length. */
export interface TextSort {
  readonly kind: DirectiveKind
  readonly container: ContainerKind
  /** Length that the request asks for. */
  readonly bounds?: WordBounds
}

/** A text of this course that stands, as far as later ones are estimated from it. */
export interface CompletionFact extends TextSort {
  readonly provider: ProviderName
  readonly model: string
  /** `roughTokens` of the request that it answers. */
  readonly roughInputTokens: number
  readonly words: number
  readonly usage: Usage
}

/** Texts that are needed before they say more than a default does. */
const fewestFacts = 3

/** What the completions of a course say of those to come. Drafts and usages that were only estimated say nothing. */
export class CompletionHistory {
  private readonly wordsBySort = new Map<string, number[]>()
  private readonly outputBySort = new Map<string, number[]>()
  private readonly reasoningByModel = new Map<string, number[]>()
  private readonly writtenByModel = new Map<string, Share[]>()
  private readonly inputByModel = new Map<string, Share[]>()

  constructor(facts: Iterable<CompletionFact>) {
    for (const fact of facts) {
      const {provider, model, usage, words, roughInputTokens} = fact
      if (provider === 'draft' || usage.estimated === true || words === 0 || usage.outputTokens === 0) continue
      const sort = sortKey(fact)
      add(this.wordsBySort, sort, words)
      add(this.outputBySort, `${model}\n${sort}`, usage.outputTokens)
      const reasoning = Math.min(usage.reasoningTokens ?? 0, usage.outputTokens)
      add(this.reasoningByModel, model, reasoning)
      add(this.writtenByModel, model, {part: usage.outputTokens - reasoning, whole: words})
      if (usage.inputTokens > 0 && roughInputTokens > 0)
        add(this.inputByModel, model, {part: usage.inputTokens, whole: roughInputTokens})
    }
  }

  /** Words of a text of this sort, whichever model wrote; undefined where there are too few texts. */
  words(sort: TextSort): Range | undefined {
    return spreadOf(this.wordsBySort.get(sortKey(sort)))
  }

  /** Output tokens that a model needs for a text of this sort, its reasoning included. */
  outputTokens(model: string, sort: TextSort): Range | undefined {
    return spreadOf(this.outputBySort.get(`${model}\n${sortKey(sort)}`))
  }

  /** Tokens that a model thinks before it writes a text of any sort, as far as the server says. */
  reasoningTokens(model: string): Range | undefined {
    return spreadOf(this.reasoningByModel.get(model))
  }

  /** Output tokens of a model for each word of a text of any sort, without its reasoning. */
  tokensPerWord(model: string): Range | undefined {
    return spreadOfShares(this.writtenByModel.get(model))
  }

  /** Input tokens that a model counts for each of `roughTokens`. */
  inputTokensPerRough(model: string): Range | undefined {
    return spreadOfShares(this.inputByModel.get(model))
  }
}

interface Share {
  readonly part: number
  readonly whole: number
}

function sortKey({kind, container, bounds}: TextSort): string {
  return `${kind} ${container} ${bounds === undefined ? '' : `${bounds.min}-${bounds.max}`}`
}

function add<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key)
  if (values === undefined) map.set(key, [value])
  else values.push(value)
}

/** The mean, between the lowest and the highest tenth. */
function spreadOf(values: readonly number[] | undefined): Range | undefined {
  if (values === undefined || values.length < fewestFacts) return undefined
  return rangeAround(tenth(values, 1), sum(values) / values.length, tenth(values, 9))
}

/** The ratio of the sums, so that short texts do not weigh as much as long ones. */
function spreadOfShares(shares: readonly Share[] | undefined): Range | undefined {
  if (shares === undefined || shares.length < fewestFacts) return undefined
  const ratios = shares.map(({part, whole}) => part / whole)
  const expected = sum(shares.map(({part}) => part)) / sum(shares.map(({whole}) => whole))
  return rangeAround(tenth(ratios, 1), expected, tenth(ratios, 9))
}

function tenth(values: readonly number[], number: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.round(((sorted.length - 1) * number) / 10)] as number
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
