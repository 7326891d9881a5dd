import type {Usage} from '../model/completion.ts'
import {costUsd, type Price} from '../model/price.ts'
import type {Billing} from '../model/provider.ts'

/** Money set aside for an attempt until its usage is known. */
export interface Hold {
  readonly model: string
  /** Zero where the price is unknown. */
  readonly costUsd: number
}

export interface RunLedgerOptions {
  /** Most that may be spent; needs a price for every model that is asked. */
  readonly maxCostUsd?: number
  /** Undefined for a model whose price is not known. */
  priceOf(model: string): Price | undefined
}

/** Counts what a build sends and spends, over all of its books. */
export class RunLedger {
  /** Attempts that left. */
  sent = 0
  /** Attempts after the first of a request. */
  retried = 0
  /** Attempts that were refused for a rate limit. */
  rateLimited = 0
  /** Attempts that may have been billed without a whole answer. */
  inDoubt = 0
  /** What those may have cost at most; part of what is spent. */
  inDoubtUsd = 0
  /** Whether some usage is a guess. */
  isEstimated = false
  /** Usage by the model that was asked, of completions and of answers that were of no use. */
  readonly usage = new Map<string, Required<Pick<Usage, 'inputTokens' | 'cachedInputTokens' | 'outputTokens'>>>()
  private spent = 0
  private held = 0
  private holds = 0

  constructor(private readonly options: RunLedgerOptions) {}

  /** US dollars spent so far; undefined once a model without a known price was used. */
  get spentUsd(): number | undefined {
    return [...this.usage.keys()].some((model) => this.options.priceOf(model) === undefined) ? undefined : this.spent
  }

  /** Usage over all models. */
  get totalUsage(): Required<Pick<Usage, 'inputTokens' | 'cachedInputTokens' | 'outputTokens'>> {
    const sum = {inputTokens: 0, cachedInputTokens: 0, outputTokens: 0}
    for (const own of this.usage.values()) {
      sum.inputTokens += own.inputTokens
      sum.cachedInputTokens += own.cachedInputTokens
      sum.outputTokens += own.outputTokens
    }
    return sum
  }

  get maxCostUsd(): number | undefined {
    return this.options.maxCostUsd
  }

  /** Whether so much may be spent now, after attempts under way have been settled, or not at all in this run. */
  affords(model: string, most: Usage): 'now' | 'later' | 'never' {
    const {maxCostUsd} = this.options
    if (maxCostUsd === undefined) return 'now'
    const cost = this.costOf(model, most)
    if (this.spent + this.held + cost <= maxCostUsd) return 'now'
    return this.holds > 0 ? 'later' : 'never'
  }

  /** Sets aside what an attempt may cost at most. */
  hold(model: string, most: Usage): Hold {
    const hold = {model, costUsd: this.costOf(model, most)}
    this.held += hold.costUsd
    this.holds++
    return hold
  }

  /** Books what an attempt cost: its usage, or all that was held where it is not known what was billed. */
  settle(hold: Hold, billing: Billing, usage: Usage | undefined): void {
    this.holds--
    // Nothing may be left over of many small sums.
    this.held = this.holds === 0 ? 0 : this.held - hold.costUsd
    if (billing === 'free') return
    if (usage === undefined) {
      this.spent += hold.costUsd
      if (billing === 'in-doubt') {
        this.inDoubt++
        this.inDoubtUsd += hold.costUsd
      }
      return
    }
    this.spent += this.costOf(hold.model, usage)
    if (usage.estimated === true) this.isEstimated = true
    const sum = this.usage.get(hold.model) ?? {inputTokens: 0, cachedInputTokens: 0, outputTokens: 0}
    this.usage.set(hold.model, {
      inputTokens: sum.inputTokens + usage.inputTokens,
      cachedInputTokens: sum.cachedInputTokens + (usage.cachedInputTokens ?? 0),
      outputTokens: sum.outputTokens + usage.outputTokens,
    })
  }

  private costOf(model: string, usage: Usage): number {
    const price = this.options.priceOf(model)
    return price === undefined ? 0 : costUsd(usage, price)
  }
}
