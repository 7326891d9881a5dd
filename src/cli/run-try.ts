import {claimStore} from './book-guard.ts'
import {noRun, planBook} from './build-book.ts'
import {noSpending, type RunSpending} from './build-report.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import type {LoadedOutline} from './load-course.ts'
import {type OpenBooks, openBooks, refuseUnbuildable} from './open-books.ts'
import {displayPath} from './project.ts'
import {Reporter} from './reporter.ts'
import {runSession} from './run-session.ts'
import {selectorInBook} from './select-in-book.ts'
import {type BuildTools, sendTexts} from './send-texts.ts'
import {showMessages} from './show-messages.ts'
import {askConsent, refuseUnpricedCap, showDryRun} from './spending.ts'
import {summariseSpending} from './summarise.ts'
import {buildFlagsOf, type TryFlags} from './try-flags.ts'
import {lackingLines, sampleLine, samplePrices, sayOutcomes, wholeLines} from './try-lines.ts'
import {type TryOutcome, tryOutcome, tryReport} from './try-outcome.ts'
import {planTry, type TryPlan} from './try-variants.ts'
import {markSample, sampleFolder, writeSample} from './write-sample.ts'

/** Makes a sample of a book with each model and style, and says what the whole book would be. Gives the exit code. */
export async function runTry(
  outlines: readonly string[],
  flags: TryFlags,
  options: GlobalOptions,
  {isAgreed = false} = {},
): Promise<number> {
  const reporter = new Reporter(options)
  const startMs = performance.now()
  const open = await openBooks(outlines, {...options, ...(flags.out === undefined ? {} : {out: flags.out})})
  await showMessages(open.files, reporter, options)
  refuseUnbuildable(open, options.cwd)
  const loaded = bookToTry(open, flags)
  const targets = open.books.map(({target}) => target)
  const base = sampleFolder(loaded, flags.to, targets, options)
  const plan = await planTry(open, loaded, base, flags, options)
  const books = plan.variants.map(({planned}) => planned)
  const buildFlags = buildFlagsOf(flags, flags.model[0])
  refuseUnpricedCap(books, buildFlags)
  reporter.info(sampleLine(plan))
  for (const line of plan.variants[0] === undefined ? [] : lackingLines(plan.variants[0])) reporter.info(line)
  if (flags.dryRun) {
    const outcomes = plan.variants.map((variant) => tryOutcome(variant, variant.planned.plan, noRun))
    const report = tryReport(plan, outcomes, shownPaths(loaded, base, options), noSpending, 0)
    const code = await showDryRun(books, buildFlags, reporter, options, 'try', {sample: report})
    if (!options.json) for (const line of wholeLines(outcomes)) reporter.result(line)
    return code
  }
  const consent = isAgreed ? 'yes' : await askConsent(books, buildFlags, reporter)
  if (consent !== 'yes') {
    reporter.info('stopped; nothing was sent or written')
    return consent === 'interrupted' ? exitCode.interrupted : exitCode.findings
  }
  const session = {options, reporter, startMs, stamp: undefined, command: 'try'}
  const {result, spending, stoppedBy} = await runSession(books, [base], buildFlags, session, async (tools) => {
    await markSample(base, loaded.target)
    return makeVariants(plan, open, flags, options, tools)
  })
  if (result === undefined) return stoppedBy as number
  const shown = shownPaths(loaded, base, options)
  const report = tryReport(plan, result, shown, spending, Math.round(performance.now() - startMs))
  await writeSample(base, plan, result, report)
  if (options.json) reporter.json(report)
  else say(result, shown, spending, reporter)
  const hasFindings = result.some(({findings}) => findings.some(({severity}) => severity === 'error'))
  return stoppedBy ?? (hasFindings ? exitCode.findings : exitCode.clean)
}

/** The one book that a sample is of: that of the outline, or of the `BOOK:` before the selector. */
function bookToTry({books}: OpenBooks, {section}: TryFlags): LoadedOutline {
  const [first] = books
  if (first !== undefined && books.length === 1) return first
  const named =
    section === undefined
      ? undefined
      : books.find(({target}) => selectorInBook(section, books, target.name) !== undefined)
  if (named !== undefined) return named
  // Without a name it is the course, whatever is derived from it.
  const [course, ...others] = books.filter(({target}) => target.companion === undefined)
  if (section === undefined && course !== undefined && others.length === 0) return course
  throw new UsageError(
    'one-outline',
    `Unexpected ${books.length} outlines, expected one to try: ${books.map(({target}) => target.name).join(', ')}`,
  )
}

/** Makes the texts of each variant, one after the other; what is interrupted is shown as far as it came. */
async function makeVariants(
  {variants}: TryPlan,
  open: OpenBooks,
  flags: TryFlags,
  options: GlobalOptions,
  tools: BuildTools,
): Promise<TryOutcome[]> {
  const outcomes: TryOutcome[] = []
  for (const variant of variants) {
    const {loaded} = variant.planned
    // Another sample may have ended before this one got its lock.
    const plan = await planBook(variant.planned.plan.context)
    if (plan.make.size > 0) await claimStore(loaded.target)
    const isStopped = tools.signals.exitCode !== undefined
    const own = buildFlagsOf(flags, variant.choice.model)
    const run = isStopped ? noRun : await sendTexts({...variant.planned, plan}, open, own, options, tools)
    outcomes.push(tryOutcome(variant, plan, run))
  }
  return outcomes
}

interface ShownPaths {
  readonly outline: string
  readonly folder: string
  readonly page: string
}

function shownPaths({target}: LoadedOutline, base: string, {cwd}: GlobalOptions): ShownPaths {
  const folder = displayPath(base, cwd)
  return {outline: displayPath(target.outlinePath, cwd), folder, page: `${folder}/index.html`}
}

function say(outcomes: readonly TryOutcome[], shown: ShownPaths, spending: RunSpending, reporter: Reporter): void {
  sayOutcomes(outcomes, shown.outline, reporter)
  if (spending.sent > 0) summariseSpending(spending, reporter)
  for (const line of [...wholeLines(outcomes), ...samplePrices(outcomes)]) reporter.result(line)
  const hasDrafts = outcomes.some(({plan, variant}) => variant.sample.ids.some((id) => plan.texts.get(id)?.isDraft))
  if (hasDrafts) reporter.info('these are drafts from the sources; no model wrote them')
  reporter.result(shown.page)
}
