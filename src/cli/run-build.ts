import type {JobId} from '../model/job.ts'
import {otherBookId} from '../model/other-book.ts'
import type {BasisPart} from '../plan/judge-state.ts'
import {readManifest} from '../store/manifest.ts'
import {refuseForeignOutput} from './book-guard.ts'
import {refreshParts} from './book-texts.ts'
import {planBook} from './build-book.ts'
import {buildBooks} from './build-books.ts'
import type {BuildFlags} from './build-flags.ts'
import {chooseProvider, type ProviderChoice} from './build-settings.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {bookContext, openBooks, refuseUnbuildable} from './open-books.ts'
import type {PlannedBook} from './planned-book.ts'
import {Reporter} from './reporter.ts'
import type {BuildSession} from './run-session.ts'
import {selectInBook} from './select-in-book.ts'
import {showMessages} from './show-messages.ts'
import {askConsent, refuseUnpricedCap, showDryRun} from './spending.ts'
import {StampWriter} from './stamp-writer.ts'

/** What a build brings along that is one of many, as edits call for them; whether it may spend was settled before. */
export type WatchSession = Required<Pick<BuildSession, 'reporter' | 'signals' | 'stamp' | 'conclude'>>

/** The main job: outlines to books. Gives the exit code. */
export async function runBuild(
  outlines: readonly string[],
  flags: BuildFlags,
  options: GlobalOptions,
  watch?: WatchSession,
): Promise<number> {
  const reporter = watch?.reporter ?? new Reporter(options)
  const startMs = performance.now()
  const stamp = watch?.stamp ?? StampWriter.begin(outlines, options, reporter)
  const open = await openBooks(
    outlines,
    {...options, ...(flags.out === undefined ? {} : {out: flags.out})},
    (project, targets) => stamp?.take(project, targets),
    (target) => stamp?.takeRead(target),
  )
  stamp?.takeFiles(open)
  await showMessages(open.files, reporter, options)
  refuseUnbuildable(open, options.cwd)
  if (!flags.frozen && (flags.strict || !flags.drafts)) {
    throw new UsageError(
      'needs-frozen',
      `Unexpected ${flags.strict ? '--strict' : '--no-drafts'}, expected it with --frozen`,
    )
  }
  const refresh = parseRefresh(flags.refresh)
  if (flags.frozen) {
    refuseWithFrozen(flags)
    reporter.info('frozen: compares only, sends and writes nothing')
    const {runFrozen} = await import('./run-frozen.ts')
    return runFrozen(open, flags, options, reporter, startMs)
  }
  const books: PlannedBook[] = []
  const remade = new Set<JobId>()
  for (const loaded of open.books) {
    const manifest = await readManifest(loaded.target.outputFolder)
    refuseForeignOutput(loaded, manifest, options.cwd)
    const choose = (needsKey: boolean): ProviderChoice =>
      chooseProvider(flags, open.config, manifest?.record, process.env, options.cwd, needsKey)
    const context = bookContext(open, loaded, choose(false), choose(false).name === 'openai', {refresh, remade})
    let plan = await planBook(context)
    if (flags.section !== undefined) {
      const only = selectInBook(flags.section, open.books, plan)
      plan = await planBook({...context, only})
    }
    for (const id of plan.make) remade.add(otherBookId(loaded.target.name, id))
    // A book that needs nothing needs no key either.
    books.push({loaded, choice: choose(plan.make.size > 0), manifest, plan})
  }
  refuseUnpricedCap(books, flags)
  if (flags.dryRun) return showDryRun(books, flags, reporter, options)
  const consent = watch === undefined ? await askConsent(books, flags, reporter, {offersSample: true}) : 'yes'
  if (consent === 'sample') {
    const [{runTry}, {sampleOf}] = await Promise.all([import('./run-try.ts'), import('./try-flags.ts')])
    return runTry(...sampleOf(books, flags), options, {isAgreed: true})
  }
  if (consent !== 'yes') {
    reporter.info('stopped; nothing was sent or written')
    return consent === 'interrupted' ? exitCode.interrupted : exitCode.findings
  }
  return buildBooks(open, books, flags, {options, reporter, startMs, stamp, ...watch})
}

/** `--frozen` changes nothing: flags that say what to change have no meaning with it. */
function refuseWithFrozen(flags: BuildFlags): void {
  const given = [
    ...(flags.refresh === undefined ? [] : ['--refresh']),
    ...(flags.section === undefined ? [] : ['--section']),
    ...(flags.allowMissing ? ['--allow-missing'] : []),
    ...(flags.discardBookEdits ? ['--discard-book-edits'] : []),
    ...(flags.dryRun ? ['--dry-run'] : []),
    ...(flags.maxCost === undefined ? [] : ['--max-cost']),
  ]
  if (given.length > 0)
    throw new UsageError('conflicting-flags', `Unexpected ${given.join(', ')} with --frozen, expected one or the other`)
}

function parseRefresh(refresh: string | undefined): Set<BasisPart> {
  const wanted = (refresh ?? '').split(',').filter((part) => part !== '')
  for (const part of wanted) {
    if (!(refreshParts as readonly string[]).includes(part)) {
      throw new UsageError(
        'bad-refresh',
        `Unexpected \`${part}\` for --refresh, expected ${refreshParts.join(', ')}, joined by commas`,
      )
    }
  }
  return new Set(wanted as BasisPart[])
}
