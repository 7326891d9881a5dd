import {formatAmount, formatCount, formatUsd} from './format-amounts.ts'
import type {Reporter} from './reporter.ts'
import {priceLines} from './spending-lines.ts'
import {pagesOf} from './text-size.ts'
import {textTable} from './text-table.ts'
import type {TryOutcome} from './try-outcome.ts'
import type {TryPlan, TryVariant} from './try-variants.ts'

/** How many places a sample names before it counts the rest. */
const shownPlaces = 10

/** What a sample is made of, in a sentence. */
export function sampleLine({loaded, chapter, variants}: TryPlan): string {
  const ids = variants[0]?.sample.ids ?? []
  const own = ids.filter((id) => chapter.ids.includes(id)).length
  const title = chapter.title === '' ? 'the part before the first heading' : `the chapter \`${chapter.title}\``
  const others = ids.length - own
  const kinds = others === 0 ? '' : ` and ${others} ${others === 1 ? 'directive' : 'directives'} of other kinds`
  return `${loaded.target.name}: a sample of ${title}${kinds}, ${ids.length} of ${loaded.plan.jobs.size} directives`
}

/** What will be bought again, and what could not be part of the sample. */
export function lackingLines({sample}: TryVariant): string[] {
  const again = [...sample.lacking].map(
    ([id, missing]) =>
      `${id} reads ${missing.length} texts that are no part of the sample; a build asks for it again when it has them`,
  )
  const left = sample.leftOut.map((id) => `${id} is left out: it reads too many texts that are no part of the sample`)
  return [...again, ...left]
}

/** Per variant, what the sample cost and what the whole book would be, as lines of at most 80 columns. */
export function wholeLines(outcomes: readonly TryOutcome[]): string[] {
  const rows = outcomes.map(({variant, estimate}) => {
    const {sample, whole} = estimate
    const isDraft = variant.choice.name === 'draft'
    const usd = whole.costUsd
    return [
      variant.title,
      isDraft ? '-' : sample.costUsd === undefined ? 'unknown' : formatAmount(sample.costUsd.expected),
      formatCount(whole.words.expected),
      formatCount(pagesOf(whole.words.expected)),
      ...(isDraft
        ? ['-', '-', '-']
        : usd === undefined
          ? ['unknown', 'unknown', 'unknown']
          : [usd.low, usd.expected, usd.high].map(formatAmount)),
    ]
  })
  const isPriced = outcomes.some(({variant}) => variant.choice.name !== 'draft')
  return [
    ...textTable([['the whole book with', 'sample', 'words', 'pages', 'low', 'expected', 'high'], ...rows]),
    ...(isPriced
      ? [
          'sample, low, expected and high are US dollars: what the texts of the sample',
          'took, and an estimate of all texts by what the sample and the course took',
        ]
      : ['drafts cost nothing; --model NAME tries a model']),
  ]
}

/** The price of each model of a sample, and how old it is. */
export function samplePrices(outcomes: readonly TryOutcome[]): string[] {
  const models = outcomes.flatMap(({variant, estimate}) =>
    variant.choice.name === 'draft' ? [] : estimate.models.length === 0 ? [variant.choice.model] : estimate.models,
  )
  return priceLines(models, outcomes[0]?.plan.context.prices)
}

/** What came of each variant, for the reader. */
export function sayOutcomes(outcomes: readonly TryOutcome[], outline: string, reporter: Reporter): void {
  for (const {variant, counts, findings} of outcomes) {
    const isDraft = variant.choice.name === 'draft'
    const parts = [
      ...(counts.generated > 0 ? [`${counts.generated} ${isDraft ? 'drafted' : 'generated'}`] : []),
      ...(counts.stored > 0 ? [`${counts.stored} from the store`] : []),
      ...(counts.standing > 0 ? [`${counts.standing} as they stand`] : []),
      ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
      ...(counts.missing > 0 ? [`${counts.missing} missing`] : []),
    ]
    reporter.info(`${variant.title}: ${parts.join(', ')}`)
    const shown = reporter.isVerbose ? findings : findings.slice(0, shownPlaces)
    for (const {id, line, message} of shown) reporter.info(`  ${outline}:${line} ${id}: ${message}`)
    if (findings.length > shown.length)
      reporter.info(`  … and ${findings.length - shown.length} more; --verbose shows all`)
  }
}

/** What one text took, in words. */
export function costWords(costUsd: number | undefined): string {
  return costUsd === undefined ? 'price unknown' : formatUsd(costUsd)
}
