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
  private readonly perWordByModel = new Map<string, number[]>()
  private readonly perRoughByModel = new Map<string, number[]>()

  constructor(facts: Iterable<CompletionFact>) {
    for (const fact of facts) {
      const {provider, model, usage, words, roughInputTokens} = fact
      if (provider === 'draft' || usage.estimated === true || words === 0 || usage.outputTokens === 0) continue
      const sort = sortKey(fact)
      add(this.wordsBySort, sort, words)
      add(this.outputBySort, `${model}\n${sort}`, usage.outputTokens)
      add(this.perWordByModel, model, usage.outputTokens / words)
      if (usage.inputTokens > 0 && roughInputTokens > 0)
        add(this.perRoughByModel, model, usage.inputTokens / roughInputTokens)
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

  /** Output tokens of a model for each word of a text of any sort, its reasoning included. */
  outputTokensPerWord(model: string): Range | undefined {
    return spreadOf(this.perWordByModel.get(model))
  }

  /** Input tokens that a model counts for each of `roughTokens`. */
  inputTokensPerRough(model: string): Range | undefined {
    return spreadOf(this.perRoughByModel.get(model))
  }
}

function sortKey({kind, container, bounds}: TextSort): string {
  return `${kind} ${container} ${bounds === undefined ? '' : `${bounds.min}-${bounds.max}`}`
}

function add(map: Map<string, number[]>, key: string, value: number): void {
  const values = map.get(key)
  if (values === undefined) map.set(key, [value])
  else values.push(value)
}

/** The mean, between the lowest and the highest tenth. */
function spreadOf(values: readonly number[] | undefined): Range | undefined {
  if (values === undefined || values.length < fewestFacts) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.round((sorted.length - 1) * share)] as number
  return rangeAround(at(0.1), values.reduce((sum, value) => sum + value, 0) / values.length, at(0.9))
}
