import type {JobId} from '../model/job.ts'
import type {BookPlan, BookRun} from './build-book.ts'
import type {RunSpending} from './build-report.ts'
import {estimateWhole, type WholeEstimate} from './estimate-whole.ts'
import {roundUsd} from './format-amounts.ts'
import {sizesJson} from './spending.ts'
import type {TryPlan, TryVariant} from './try-variants.ts'

/** A text of a sample that there is not, or that lacks something. */
interface TryFinding {
  readonly id: JobId
  readonly line: number
  readonly state: 'failed' | 'missing' | 'made'
  readonly message: string
  readonly severity: 'error' | 'warning'
}

/** A variant of a sample after its run. */
export interface TryOutcome {
  readonly variant: TryVariant
  /** The sample with its texts. */
  readonly plan: BookPlan
  readonly counts: {generated: number; stored: number; standing: number; failed: number; missing: number}
  readonly findings: readonly TryFinding[]
  readonly estimate: WholeEstimate
}

/** How a variant came out of its run, and what the whole book would be with it. */
export function tryOutcome(variant: TryVariant, plan: BookPlan, run: BookRun): TryOutcome {
  const counts = {generated: 0, stored: 0, standing: 0, failed: 0, missing: 0}
  const findings: TryFinding[] = []
  for (const id of variant.sample.ids) {
    const result = run.results.get(id)
    const hasText = plan.texts.has(id)
    if (result?.type === 'completed') counts[result.from === 'store' ? 'stored' : 'generated']++
    else if (result?.type === 'failed') counts.failed++
    else if (hasText) counts.standing++
    else counts.missing++
    const line = plan.context.loaded.plan.jobs.get(id)?.directive.position.start.line ?? 0
    const say = (state: TryFinding['state'], message: string): number =>
      findings.push({id, line, state, message, severity: 'error'})
    if (result?.type === 'failed') say('failed', result.cause.message)
    else if (result?.type === 'skipped') say('missing', result.because)
    else if (!hasText) say('missing', 'no text yet')
    for (const {severity, message} of plan.failures.get(id) ?? []) {
      if (severity !== 'info') findings.push({id, line, state: 'made', message, severity})
    }
  }
  const {sample, book} = variant
  const counted = sample.ids.filter((id) => !sample.lacking.has(id))
  return {variant, plan, counts, findings, estimate: estimateWhole(book, plan, counted)}
}

/** The JSON document of a sample. */
export function tryReport(
  {loaded, chapter}: TryPlan,
  outcomes: readonly TryOutcome[],
  shown: {readonly outline: string; readonly folder: string; readonly page: string},
  spending: RunSpending,
  elapsedMs: number,
): object {
  const {sent, retried, rateLimited, usage, costUsd} = spending
  return {
    version: 1,
    command: 'try',
    name: loaded.target.name,
    outline: shown.outline,
    chapter: chapter.title,
    folder: shown.folder,
    page: shown.page,
    total: loaded.plan.jobs.size,
    variants: outcomes.map(variantJson),
    requests: {sent, retried, rateLimited},
    usage,
    costUsd: costUsd === undefined ? null : roundUsd(costUsd),
    elapsedMs,
  }
}

function variantJson({variant, counts, findings, estimate}: TryOutcome): object {
  const {title, folder, style, choice, sample} = variant
  return {
    title,
    provider: choice.name,
    model: choice.name === 'draft' ? null : choice.model,
    style: style ?? null,
    folder,
    directives: sample.ids,
    boughtAgain: [...sample.lacking.keys()],
    leftOut: sample.leftOut,
    texts: counts,
    findings,
    sample: sizesJson(estimate.sample),
    rest: sizesJson(estimate.rest),
    book: sizesJson(estimate.whole),
  }
}
