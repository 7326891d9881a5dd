import {existsSync} from 'node:fs'
import {join} from 'node:path'
import type {BlockedEdit} from '../book/own-edits.ts'
import type {JobId} from '../model/job.ts'
import {systemFaultCode} from '../model/system-fault.ts'
import type {Judgement} from '../plan/judge-state.ts'
import {readIfThere} from '../store/completion-store.ts'
import {formatManifest, readManifest} from '../store/manifest.ts'
import {storedTextPath, storeFolder} from '../store/store-paths.ts'
import {sayBlocked, sayCarried} from './book-edit-lines.ts'
import {claimStore, noteBook} from './book-guard.ts'
import {type BookText, judgeBook, sectionLocation} from './book-texts.ts'
import {type BookPlan, type BookRun, judgeOptions, noRun, planBook} from './build-book.ts'
import type {BuildFlags} from './build-flags.ts'
import type {BuildRecorder} from './build-recorder.ts'
import {type BookOutcome, bookOutcome} from './build-report.ts'
import type {GlobalOptions} from './global-options.ts'
import type {OpenBooks} from './open-books.ts'
import {lackingOthers} from './other-texts.ts'
import type {PlannedBook} from './planned-book.ts'
import {keepPrevious} from './previous-build.ts'
import {displayPath} from './project.ts'
import type {Reporter} from './reporter.ts'
import {type BuildTools, sendTexts} from './send-texts.ts'
import {takeBookEdits} from './take-book-edits.ts'
import {composeBook, copyImages, makeManifest, writeBookFiles} from './write-book.ts'
import {outlineUpdate, writeOutline} from './write-outline.ts'

/** Builds one book, under its lock: makes what is wanted, and puts the book together. */
export async function buildOne(
  open: OpenBooks,
  planned: PlannedBook,
  flags: BuildFlags,
  options: GlobalOptions,
  tools: BuildTools,
): Promise<BookOutcome> {
  const {loaded} = planned
  const {target} = loaded
  const {reporter, stamp} = tools
  // What stood was read before the lock was taken; another build may have ended in between.
  const manifest = await readManifest(target.outputFolder)
  const isUntouched =
    manifest === undefined && planned.plan.texts.size === 0 && !existsSync(join(target.outputFolder, 'sections'))
  // What it reads of other books may have been made just now, and its own state tells what that changes.
  const standing =
    isUntouched && loaded.reads.length === 0
      ? planned.plan
      : await planBook({...planned.plan.context, remade: new Set()})
  const present = await readIfThere(join(target.outputFolder, 'book.md'))
  const taken = flags.discardBookEdits ? undefined : await takeBookEdits(open, standing, manifest, present, tools.files)
  if (taken?.type === 'blocked') return blockedOutcome(standing, reporter, options, taken.edits)
  if (taken?.type === 'carried') sayCarried(taken.edits, reporter)
  // Nothing is made that was not agreed to, though a text that was edited may be read by others.
  const plan = taken?.type === 'carried' ? await planBook({...standing.context, only: planned.plan.make}) : standing
  const lacking = lackingOthers(loaded, plan.texts)
  if (lacking !== undefined) reporter.warn(lacking)
  await claimStore(target)
  const before = {texts: new Map(plan.texts), book: present, manifest}
  const run = await sendTexts({...planned, plan}, open, flags, options, tools)
  if (plan.orphans.length > 0) {
    const what = plan.orphans.length === 1 ? '1 text is' : `${plan.orphans.length} texts are`
    reporter.info(
      `${target.name}: ${what} no longer in the outline, kept in ${displayPath(join(target.outputFolder, 'unused'), options.cwd)}`,
    )
  }
  const {render, sources, again} = plan.context
  // What one section was got with says nothing of the book: the others stand to its record as before.
  const model = again === undefined ? undefined : (open.config.model ?? manifest?.record.model)
  const judgedWith = model === undefined || model === null ? render : {...render, model}
  const judged = judgeBook(loaded.plan, plan.texts, judgedWith, sources, judgeOptions(plan.context))
  if (plan.context.again?.isTrial === true) {
    return bookOutcome({planned: plan, judged, run, writing: {hasWritten: false, isBlocked: false}, cwd: options.cwd})
  }
  const writing = await writeResults(open, {...planned, plan, manifest}, run, judged, flags, present, tools).catch(
    (error: unknown) => {
      const code = systemFaultCode(error)
      if (code === undefined) throw error
      reporter.error(
        `Cannot write the book to \`${displayPath(target.outputFolder, options.cwd)}\` (${code}); what was there before stands, and every completion that was stored is kept for the next build`,
      )
      return {hasWritten: true, isBlocked: false, isBookLeft: true}
    },
  )
  if (writing.isBlocked) sayBlocked(plan, [], reporter, options.cwd)
  const fault = await keepPrevious(target, before, plan.texts, tools.files)
  if (fault !== undefined) reporter.warn(`Cannot keep what the book was before (${fault}), for \`diff --previous\``)
  stamp?.stands(plan, judged)
  const placed = composeBook(loaded, plan.texts, open.config).book.repairs
  return bookOutcome({planned: plan, judged, run, writing, cwd: options.cwd, placed})
}

function blockedOutcome(
  plan: BookPlan,
  reporter: Reporter,
  options: GlobalOptions,
  edits: readonly BlockedEdit[],
): BookOutcome {
  sayBlocked(plan, edits, reporter, options.cwd)
  return bookOutcome({
    planned: plan,
    judged: plan.judged,
    run: noRun,
    writing: {hasWritten: false, isBlocked: true},
    cwd: options.cwd,
  })
}

async function writeResults(
  open: OpenBooks,
  planned: PlannedBook,
  run: BookRun,
  judged: ReadonlyMap<JobId, Judgement>,
  flags: BuildFlags,
  present: string | undefined,
  {stamp, files}: Pick<BuildTools, 'stamp' | 'files'>,
): Promise<{hasWritten: boolean; isBlocked: boolean; isBookLeft: boolean}> {
  const {loaded, choice, manifest, plan} = planned
  const {target} = loaded
  const composed = composeBook(loaded, plan.texts, open.config)
  const {markdown} = composed.book
  const hasMade = [...run.results.values()].some(({type}) => type === 'completed')
  const hasMoved = plan.orphans.length > 0 || run.renewed.size > 0
  // A complete book is not replaced by one with placeholders unless that is asked for.
  const wasComplete = present !== undefined && manifest?.complete === true
  const isBookLeft = !composed.isComplete && wasComplete && !flags.allowMissing
  if (isBookLeft) return {hasWritten: hasMade || hasMoved, isBlocked: false, isBookLeft}
  const bookPath = join(target.outputFolder, 'book.md')
  if ((await readIfThere(bookPath)) !== present) return {hasWritten: hasMade, isBlocked: true, isBookLeft}
  const noted = present === markdown ? undefined : noteBook(target, markdown, files)
  // It is waited for below; until then its fault is nobody's.
  noted?.catch(() => undefined)
  const failed = new Set([...run.results].filter(([, {type}]) => type === 'failed').map(([id]) => id))
  const update = await outlineUpdate(loaded, manifest)
  const isForBook = hasMade && plan.context.again === undefined
  const record =
    isForBook || manifest === undefined
      ? {provider: choice.name, model: choice.model === '' ? null : choice.model}
      : manifest.record
  const next = makeManifest({
    loaded,
    texts: plan.texts,
    judged,
    repairs: run.repairs,
    failures: plan.failures,
    failed,
    composed,
    record,
    before: manifest,
    ...(update.rendered === undefined ? {} : {rendered: update.rendered}),
  })
  await noted
  const hasImages = await copyImages(loaded, composed.images)
  const hasOutline = await writeOutline(loaded, update)
  if (update.text !== undefined) stamp?.wroteOutline(target, update.text)
  const text = formatManifest(next)
  const written = writeBookFiles(target.outputFolder, markdown, text, files)
  stamp?.wrote(target, markdown, text)
  const hasFiles = await written
  return {hasWritten: hasMade || hasImages || hasOutline || hasFiles || hasMoved, isBlocked: false, isBookLeft}
}

/** The outcome of a book that needs nothing. */
export function idleOutcome(
  {plan}: PlannedBook,
  options: GlobalOptions,
  stamp: BuildRecorder | undefined,
): BookOutcome {
  stamp?.stands(plan, plan.judged)
  return bookOutcome({
    planned: plan,
    judged: plan.judged,
    run: noRun,
    writing: {hasWritten: false, isBlocked: false},
    cwd: options.cwd,
  })
}

/** Whether nothing is to be made, moved or written; then the folder is not even locked. */
export async function isUpToDate({loaded, plan, manifest}: PlannedBook, open: OpenBooks): Promise<boolean> {
  const {outputFolder} = loaded.target
  const isMoved = [...plan.texts].some(([id, {location}]) => location !== sectionLocation(id))
  if (plan.make.size > 0 || plan.orphans.length > 0 || isMoved || manifest === undefined) return false
  // A text whose raw completion is at hand can be normalised again.
  const store = storeFolder(loaded.target.root)
  const hasRaw = ({file}: BookText): boolean =>
    file.record !== undefined && existsSync(storedTextPath(store, file.record.completion))
  if ([...plan.outdated.keys()].some((id) => hasRaw(plan.texts.get(id) as BookText))) return false
  const composed = composeBook(loaded, plan.texts, open.config)
  if (!composed.isComplete || composed.images.size > 0) return false
  const update = await outlineUpdate(loaded, manifest)
  if (update.text !== undefined) return false
  const next = makeManifest({
    loaded,
    texts: plan.texts,
    judged: plan.judged,
    repairs: new Map(),
    failures: plan.failures,
    failed: new Set(),
    composed,
    record: manifest.record,
    before: manifest,
    ...(update.rendered === undefined ? {} : {rendered: update.rendered}),
  })
  const [book, rows] = await Promise.all([
    readIfThere(join(outputFolder, 'book.md')),
    readIfThere(join(outputFolder, 'manifest.json')),
  ])
  return book === composed.book.markdown && rows === formatManifest(next)
}
