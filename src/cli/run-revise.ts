import {diffTexts} from '../diff/diff-texts.ts'
import type {Job, JobId} from '../model/job.ts'
import {requestAddress} from '../model/request.ts'
import {CompletionStore} from '../store/completion-store.ts'
import {storeFolder} from '../store/store-paths.ts'
import type {Again} from './again.ts'
import {type AgainFlags, asBuildFlags} from './again-flags.ts'
import {askYes, canAsk} from './ask.ts'
import {type BookPlan, planBook, planRequest} from './build-book.ts'
import {buildBooks} from './build-books.ts'
import {type BuildOutcome, buildReport} from './build-report.ts'
import {CompletionReview} from './completion-review.ts'
import {textDiffLines} from './diff-text.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import type {PlannedBook} from './planned-book.ts'
import {Reporter} from './reporter.ts'
import type {BuildSession} from './run-session.ts'
import {refuseDraft, type Selection, selectAgain} from './select-again.ts'
import {selectCarried} from './select-carried.ts'
import {askConsent, refuseUnpricedCap, showDryRun} from './spending.ts'
import {summarise, summariseSpending} from './summarise.ts'
import {UpstreamReader} from './upstream-reader.ts'

/** A text and what a note made of it. */
interface Revision {
  readonly book: string
  readonly id: JobId
  readonly before: string
  readonly after: string
}

/** Longest note that is taken, in characters. */
const longestNote = 10_000

/** Has texts revised by a note, shows what changes, and keeps it when that is agreed to. Gives the exit code. */
export async function runRevise(
  selector: string,
  note: string,
  flags: AgainFlags,
  options: GlobalOptions,
): Promise<number> {
  if (note.length > longestNote)
    throw new UsageError('bad-note', `Unexpected note of ${note.length} characters, expected at most ${longestNote}`)
  const reporter = new Reporter(options)
  const startMs = performance.now()
  const session: BuildSession = {options, reporter, startMs, stamp: undefined, command: 'revise'}
  const select = async (): Promise<Selection> => {
    const found = await selectAgain([selector], flags, options, reporter, 'model')
    refuseDraft(found.books, 'revise')
    refuseWithoutText(found)
    return found
  }
  const selection = await selectCarried(select, flags, session)
  if (typeof selection === 'number') return selection
  const trial = await plan(selection, note, true)
  refuseUnpricedCap(trial, flags)
  const buildFlags = asBuildFlags(flags)
  if (flags.dryRun) return showDryRun(trial, buildFlags, reporter, options, 'revise')
  const consent = await askConsent(trial, buildFlags, reporter)
  if (consent !== 'yes') {
    reporter.info('stopped; nothing was sent or written')
    return consent === 'interrupted' ? exitCode.interrupted : exitCode.findings
  }
  let bought: BuildOutcome | undefined
  const code = await buildBooks(selection.open, trial, buildFlags, {
    ...session,
    conclude: async (outcome) => {
      bought = outcome
    },
  })
  // A signal ended it.
  if (code > exitCode.usage) return code
  const outcome = bought
  const revisions = await readRevisions(trial)
  const lacking = trial.reduce((sum, {plan: own}) => sum + own.make.size, 0) - revisions.length
  if (outcome === undefined) return code
  if (lacking > 0) {
    if (options.json) reporter.json({...buildReport(outcome, 'revise'), kept: false, revisions})
    else summarise(outcome, reporter)
    return code === exitCode.clean ? exitCode.findings : code
  }
  if (!options.json) show(revisions, reporter)
  if (!options.json && outcome.spending.sent > 0) summariseSpending(outcome.spending, reporter)
  const answer = flags.yes ? 'yes' : canAsk() && !options.json ? await askYes('Keep it?') : undefined
  if (answer !== 'yes') {
    if (options.json) reporter.json({...buildReport(outcome, 'revise'), kept: false, revisions})
    reporter.info('nothing was written; the same command with --yes keeps it, at no further cost')
    return answer === 'interrupted' ? exitCode.interrupted : exitCode.findings
  }
  const kept = await plan(selection, note, false)
  // What was agreed to is in the store: nothing more is sent.
  return buildBooks(
    selection.open,
    kept,
    {...buildFlags, offline: true},
    {
      ...session,
      conclude: async (written) => {
        const whole = {...written, spending: outcome.spending}
        if (options.json) reporter.json({...buildReport(whole, 'revise'), kept: true, revisions})
        else summarise({...whole, spending: written.spending}, reporter)
      },
    },
  )
}

async function plan({books}: Selection, note: string, isTrial: boolean): Promise<PlannedBook[]> {
  const plans: PlannedBook[] = []
  for (const {
    plan: {context},
    ids,
    loaded,
    choice,
    manifest,
  } of books) {
    const again: Again = {ids, overwrites: new Set(), takes: 'stored', note, isTrial}
    const own = isTrial ? choice : {...choice, isOffline: true}
    plans.push({loaded, choice: own, manifest, plan: await planBook({...context, only: ids, again})})
  }
  return plans
}

function refuseWithoutText({books}: Selection): void {
  for (const {
    plan: {texts},
    ids,
  } of books) {
    for (const id of ids) {
      if (texts.has(id)) continue
      throw new UsageError('no-text', `Cannot revise \`${id}\`, expected a text; \`msk-course build\` makes it`)
    }
  }
}

async function readRevisions(books: readonly PlannedBook[]): Promise<Revision[]> {
  const revisions: Revision[] = []
  for (const {plan: own, loaded} of books) {
    const store = new CompletionStore(storeFolder(loaded.target.root))
    const upstream = new UpstreamReader(own, (address) => store.readText(address))
    for (const id of own.make) {
      const job = loaded.plan.jobs.get(id) as Job
      const after = await revisedText(job, own, store, upstream)
      const before = own.texts.get(id)?.file.body ?? ''
      if (after !== undefined) revisions.push({book: loaded.target.name, id, before, after})
    }
  }
  return revisions
}

async function revisedText(
  job: Job,
  own: BookPlan,
  store: CompletionStore,
  upstream: UpstreamReader,
): Promise<string | undefined> {
  const request = planRequest(job, own, await upstream.read(job))
  const found = await store.lookUp(requestAddress(request))
  if (found.type !== 'found') return undefined
  const review = new CompletionReview(own.context, 0)
  return review.best(job, [found.completion, ...(found.followUps ?? [])]).review.text
}

function show(revisions: readonly Revision[], reporter: Reporter): void {
  for (const {id, before, after} of revisions) {
    reporter.info(`${id}:`)
    const diff = diffTexts(before, after)
    const lines = textDiffLines(diff, {hasColor: reporter.hasResultColor})
    reporter.resultSafe(`${(lines.length === 0 ? ['  (the same text)'] : lines).join('\n')}\n`)
  }
}
