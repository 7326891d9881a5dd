import {join} from 'node:path'
import {readIfThere} from '../store/completion-store.ts'
import {readManifest} from '../store/manifest.ts'
import {isOwnBook} from './book-guard.ts'
import {judgeBook} from './book-texts.ts'
import {judgeOptions, noRun, planBook} from './build-book.ts'
import type {BuildFlags} from './build-flags.ts'
import {type BookOutcome, bookOutcome, buildReport, type Finding, noSpending} from './build-report.ts'
import {exitCode} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {judgedBy} from './judged-by.ts'
import {bookContext, type OpenBooks} from './open-books.ts'
import type {Reporter} from './reporter.ts'
import {composeBook} from './write-book.ts'
import {outlineUpdate} from './write-outline.ts'

/** `build --frozen` (contract, C4): sends and writes nothing, needs no key, and names all that is not as it should be. */
export async function runFrozen(
  open: OpenBooks,
  flags: BuildFlags,
  options: GlobalOptions,
  reporter: Reporter,
  startMs: number,
): Promise<number> {
  const outcomes: BookOutcome[] = []
  let hasFindings = false
  for (const loaded of open.books) {
    const {choice, usesModel} = await judgedBy(loaded, flags, open.config)
    const context = bookContext(open, loaded, choice, usesModel)
    const plan = await planBook(context)
    const judged = judgeBook(loaded.plan, plan.texts, context.render, context.sources, judgeOptions(context))
    const outcome = bookOutcome({
      planned: plan,
      judged,
      run: noRun,
      writing: {hasWritten: false, isBlocked: false},
      cwd: options.cwd,
      isFrozen: true,
    })
    const present = await readIfThere(join(loaded.target.outputFolder, 'book.md'))
    const composed = composeBook(loaded, plan.texts, open.config).book.markdown
    const isOutlineOld =
      (await outlineUpdate(loaded, await readManifest(loaded.target.outputFolder))).text !== undefined
    const isSame = present?.replace(/\r\n?/g, '\n') === composed && !isOutlineOld
    const isEdited =
      !isSame &&
      !isOutlineOld &&
      present !== undefined &&
      !(await isOwnBook(loaded.target, present, await readManifest(loaded.target.outputFolder), composed))
    const finding = bookFinding(outcome.bookPath, isEdited)
    outcomes.push(isSame ? outcome : {...outcome, findings: [...outcome.findings, finding]})
    const {jobs} = outcome
    const counted =
      outcome.beside + jobs.missing + jobs.stale + (flags.strict ? jobs.drifted : 0) + (flags.drafts ? 0 : jobs.drafts)
    const broken = outcome.failing.errors + (flags.strict ? outcome.failing.texts : 0)
    if (counted + broken > 0 || !isSame) hasFindings = true
    if (options.json) continue
    for (const {id, line, message} of outcome.findings)
      reporter.info(`${outcome.outlinePath}:${line} ${id}: ${message}`)
    if (!flags.drafts && jobs.drafts > 0)
      reporter.info(`${outcome.name}: ${jobs.drafts} drafts, refused by --no-drafts`)
    if (!isSame)
      reporter.info(
        `${finding.message.replaceAll('`', '')}; run \`msk-course build\`${isEdited ? ', which carries edits into the section files' : ''}`,
      )
    if (counted + broken === 0 && isSame)
      reporter.info(`${outcome.name}: all ${jobs.total} sections and the book are as they should be`)
  }
  if (options.json)
    reporter.json(
      buildReport({
        books: outcomes,
        spending: noSpending,
        elapsedMs: Math.round(performance.now() - startMs),
      }),
    )
  return hasFindings ? exitCode.findings : exitCode.clean
}

function bookFinding(bookPath: string, isEdited: boolean): Finding {
  return {
    id: '',
    line: 1,
    state: 'stale',
    reasons: [isEdited ? 'the book was changed by hand' : 'the book is older than its sections or the outline'],
    message: `\`${bookPath}\` ${isEdited ? 'was changed by hand and ' : ''}is not what the outline and these sections give`,
  }
}
