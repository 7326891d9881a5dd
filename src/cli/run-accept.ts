import {existsSync} from 'node:fs'
import {join} from 'node:path'
import type {JobId} from '../model/job.ts'
import type {JobState} from '../plan/judge-state.ts'
import {formatManifest, type Manifest, type ManifestRow, readManifest} from '../store/manifest.ts'
import {SectionsFolder} from '../store/sections-folder.ts'
import {writeWhole} from '../store/write-whole.ts'
import {type Acceptance, acceptText} from './accept-text.ts'
import {judgeBook} from './book-texts.ts'
import {type BookPlan, judgeOptions, planBook} from './build-book.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {judgedBy} from './judged-by.ts'
import {hasErrors, type LoadedOutline} from './load-course.ts'
import {withLockedBooks} from './lock-books.ts'
import {bookContext, type OpenBooks, openBooks, refuseUnbuildable} from './open-books.ts'
import {displayPath} from './project.ts'
import {readerName} from './reader-name.ts'
import {Reporter} from './reporter.ts'
import {selectInBook, selectorInBook} from './select-in-book.ts'
import {showMessages} from './show-messages.ts'

export interface AcceptFlags {
  /** Who read; default git's `user.name`, else the environment's USER. */
  readonly by?: string
  readonly all: boolean
  readonly outline?: readonly string[]
  readonly out?: string
  readonly wait: boolean
}

/** A text that was accepted, as `accept --json` gives it. */
interface AcceptedText {
  readonly book: string
  readonly id: JobId
  readonly file: string
  readonly was: JobState
  readonly state: JobState
  /** Why it was not fresh before. */
  readonly reasons: readonly string[]
  readonly edited: boolean
  readonly draft: boolean
  readonly changed: boolean
  readonly merged: boolean
}

interface RefusedText {
  readonly book: string
  readonly id: JobId
  readonly message: string
}

/** Marks texts as read and as good for what is wanted now. Sends nothing and changes no text; gives the exit code. */
export async function runAccept(
  selectors: readonly string[],
  flags: AcceptFlags,
  options: GlobalOptions,
): Promise<number> {
  if (flags.all === selectors.length > 0) {
    const found = flags.all ? '--all beside selectors' : 'no selector'
    throw new UsageError('bad-flag', `Unexpected ${found}, expected selectors such as \`security/**\`, or --all`)
  }
  const reporter = new Reporter(options)
  const open = await openBooks(flags.outline ?? [], {...options, ...(flags.out === undefined ? {} : {out: flags.out})})
  const broken = open.files.filter((file) => hasErrors([file]))
  await showMessages(broken, reporter, options)
  refuseUnbuildable(open, options.cwd)
  const by = await readerName(flags.by, open.project.root ?? options.cwd, process.env)
  const books = open.books.filter(
    ({target}) =>
      flags.all || selectors.some((selector) => selectorInBook(selector, open.books, target.name) !== undefined),
  )
  const [unbuilt] = books.filter(({target}) => !existsSync(target.outputFolder))
  if (unbuilt !== undefined) {
    const folder = displayPath(unbuilt.target.outputFolder, options.cwd)
    throw new UsageError(
      'not-built',
      `Cannot find texts in \`${folder}\`, expected a book; \`msk-course build\` makes it`,
    )
  }
  const accepted: AcceptedText[] = []
  const refused: RefusedText[] = []
  await withLockedBooks(books, {command: 'accept', cwd: options.cwd, waits: flags.wait}, async () => {
    const plans: BookPlan[] = []
    for (const loaded of books) plans.push(await openPlan(open, loaded))
    // What is selected is known for all books before anything is written.
    const wanted = plans.map((plan) => selectAll(selectors, open.books, plan))
    for (const [at, plan] of plans.entries()) {
      const outcome = await acceptInBook(plan, wanted[at] as Set<JobId>, by, options.cwd)
      accepted.push(...outcome.accepted)
      refused.push(...outcome.refused)
    }
  })
  if (options.json) reporter.json({version: 1, command: 'accept', by, accepted, refused})
  else showAccepted(accepted, refused, by, open.books.length > 1, reporter)
  return refused.length > 0 ? exitCode.findings : exitCode.clean
}

async function openPlan(open: OpenBooks, loaded: LoadedOutline): Promise<BookPlan> {
  const {choice, usesModel} = await judgedBy(loaded, {}, open.config)
  return planBook(bookContext(open, loaded, choice, usesModel))
}

/** The directives that selectors name in a book; without any, all that have a text. */
function selectAll(selectors: readonly string[], books: readonly LoadedOutline[], plan: BookPlan): Set<JobId> {
  const wanted = new Set<JobId>(selectors.length === 0 ? plan.texts.keys() : [])
  for (const selector of selectors) for (const id of selectInBook(selector, books, plan)) wanted.add(id)
  return wanted
}

async function acceptInBook(
  plan: BookPlan,
  wanted: ReadonlySet<JobId>,
  by: string,
  cwd: string,
): Promise<{accepted: AcceptedText[]; refused: RefusedText[]}> {
  const {loaded, render, sources} = plan.context
  const {name, outputFolder} = loaded.target
  const sections = new SectionsFolder(outputFolder)
  const refused: RefusedText[] = []
  const done = new Map<JobId, Acceptance & {readonly type: 'accepted'}>()
  for (const job of loaded.plan.jobs.values()) {
    if (!wanted.has(job.id)) continue
    const acceptance = await acceptText(job, plan, sections, by)
    if (acceptance.type === 'accepted') done.set(job.id, acceptance)
    else refused.push({book: name, id: job.id, message: `Cannot accept \`${job.id}\`: ${acceptance.because}`})
  }
  for (const [id, {text}] of done) plan.texts.set(id, text)
  const judged = judgeBook(loaded.plan, plan.texts, render, sources, judgeOptions(plan.context))
  const accepted = [...done].map(([id, {text, hasChanged, isMerged}]): AcceptedText => {
    const was = plan.judged.get(id)
    return {
      book: name,
      id,
      file: displayPath(join(outputFolder, text.location), cwd),
      was: was?.state ?? 'missing',
      state: judged.get(id)?.state ?? 'missing',
      reasons: was?.state === 'fresh' ? [] : (was?.reasons ?? []),
      edited: text.isEdited,
      draft: text.isDraft,
      changed: hasChanged,
      merged: isMerged,
    }
  })
  await noteInManifest(plan, accepted)
  return {accepted, refused}
}

/** Brings the rows of accepted texts up to date; what they say of `book.md` stays, for that is not written. */
async function noteInManifest({context, texts}: BookPlan, accepted: readonly AcceptedText[]): Promise<void> {
  const {outputFolder} = context.loaded.target
  const manifest = await readManifest(outputFolder)
  if (manifest === undefined) return
  const states = new Map(accepted.map((one) => [texts.get(one.id)?.location, one]))
  const directives = manifest.directives.map((row): ManifestRow => {
    const known = row.file === null ? undefined : states.get(row.file)
    const text = known === undefined ? undefined : texts.get(known.id)
    const record = text?.file.record
    if (known === undefined || text === undefined || record === undefined) return row
    const {request, completion, provider, model, usage, basis} = record
    return {
      ...row,
      state: known.state,
      edited: text.isEdited,
      draft: text.isDraft,
      prompt: basis.prompt,
      request,
      completion,
      text: record.text,
      provider,
      model,
      usage: {inputTokens: usage.inputTokens, outputTokens: usage.outputTokens},
      // What was mended is told of the completion, which is another one now.
      repairs: known.merged ? [] : row.repairs,
    }
  })
  const next: Manifest = {...manifest, directives}
  if (formatManifest(next) !== formatManifest(manifest))
    await writeWhole(join(outputFolder, 'manifest.json'), formatManifest(next))
}

function showAccepted(
  accepted: readonly AcceptedText[],
  refused: readonly RefusedText[],
  by: string,
  hasBooks: boolean,
  reporter: Reporter,
): void {
  for (const text of accepted) reporter.result(`${hasBooks ? `${text.book}:` : ''}${text.id}  ${wordsFor(text)}`)
  for (const {message} of refused) reporter.error(message)
  const count = accepted.length === 1 ? '1 text' : `${accepted.length} texts`
  reporter.info(`${count} read by ${by}${refused.length === 0 ? '' : `, ${refused.length} not accepted`}`)
}

function wordsFor({was, state, reasons, draft, changed, merged}: AcceptedText): string {
  if (draft) return state === 'fresh' ? 'read; it stays a draft' : 'read; it stays a draft, which a build makes anew'
  if (merged) return 'read, and good for the new request; the new text beside it was removed'
  if (was === state) return changed ? 'read' : 'was read before'
  return `read, and good as it is: ${reasons.join('; ')}`
}
