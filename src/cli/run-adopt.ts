import {readFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {findBrokenLine} from '../book/broken-line.ts'
import {type Adoption, planAdoption} from '../book/plan-adoption.ts'
import {normaliseLineEnds} from '../model/content-address.ts'
import {readManifest} from '../store/manifest.ts'
import {LockedError, OutputLock} from '../store/output-lock.ts'
import {adoptedStretch} from './adopted-stretch.ts'
import {type AdoptionReport, adoptionLines, adoptionReport} from './adoption-report.ts'
import {askYes, canAsk} from './ask.ts'
import {type BookPlan, planBook} from './build-book.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {judgedBy} from './judged-by.ts'
import {hasErrors, type LoadedOutline} from './load-course.ts'
import {bookContext, type OpenBooks, openBooks, refuseUnbuildable} from './open-books.ts'
import {outlineOfBook} from './outline-of-book.ts'
import {displayPath, readable} from './project.ts'
import {Reporter} from './reporter.ts'
import {showMessages} from './show-messages.ts'
import {findBookEdits} from './take-book-edits.ts'
import {writeAdoption} from './write-adoption.ts'
import {bookParts} from './write-book.ts'

export interface AdoptFlags {
  /** Selector of the chapter or section that the file is of. */
  readonly at?: string
  /** Name of the book. */
  readonly book?: string
  readonly dryRun: boolean
  readonly yes: boolean
}

/** Takes over what was rewritten elsewhere: texts into section files, new headings into the outline. Gives the exit code. */
export async function runAdopt(file: string, flags: AdoptFlags, options: GlobalOptions): Promise<number> {
  const reporter = new Reporter(options)
  const path = resolve(options.cwd, file)
  const text = await readText(path, displayPath(path, options.cwd))
  // A book.md tells which book it is.
  const named = flags.book === undefined ? await outlineOfBook(path, options.cwd) : undefined
  const open = await openBooks(named?.out === undefined ? [] : [named.outline], {
    ...options,
    ...(named?.out === undefined ? {} : {out: named.out}),
  })
  await showMessages(
    open.files.filter((one) => hasErrors([one])),
    reporter,
    options,
  )
  refuseUnbuildable(open, options.cwd)
  const loaded = chooseBook(open, flags, options)
  const lock = flags.dryRun ? undefined : await takeLock(loaded)
  try {
    const {choice, usesModel} = await judgedBy(loaded, {}, open.config)
    const plan = await planBook(bookContext(open, loaded, choice, usesModel))
    await refuseEditedBook(open, plan, path, options.cwd)
    refuseUnmerged(text, displayPath(path, options.cwd))
    const stretch = adoptedStretch(flags.at, open, plan)
    const adoption = planAdoption(bookParts(loaded, plan.texts, open.config), text, stretch)
    return await carryOut(adoption, {open, plan, flags, options, reporter, shown: displayPath(path, options.cwd)})
  } finally {
    await lock?.release()
  }
}

interface AdoptRun {
  readonly open: OpenBooks
  readonly plan: BookPlan
  readonly flags: AdoptFlags
  readonly options: GlobalOptions
  readonly reporter: Reporter
  /** The adopted file as it is shown. */
  readonly shown: string
}

/** Shows what is to be done, asks where the outline is to get new headings, and does it. */
async function carryOut(adoption: Adoption, run: AdoptRun): Promise<number> {
  const {open, plan, flags, options, reporter, shown} = run
  const {texts, added, unplaced} = adoption
  const report = (hasWritten: boolean): AdoptionReport => adoptionReport(adoption, plan, shown, hasWritten, options.cwd)
  for (const line of adoptionLines(report(false), flags.dryRun)) reporter.info(line)
  const hasWork = texts.size + added.length > 0
  const consent = flags.dryRun || !hasWork ? 'no' : await mayWrite(added.length, flags, reporter)
  const hasWritten = consent === 'yes'
  if (hasWritten) await writeAdoption(adoption, plan, open, options.cwd)
  if (options.json) reporter.json(report(hasWritten))
  else if (hasWritten) reporter.info('adopted; `msk-course build` puts the book together')
  else if (!hasWork) reporter.info('nothing to adopt')
  if (consent === 'interrupted') return exitCode.interrupted
  const isLeft = hasWork && !hasWritten && !flags.dryRun
  return unplaced.length > 0 || isLeft ? exitCode.findings : exitCode.clean
}

/** New headings are asked for; texts alone are what the command was called for. */
async function mayWrite(added: number, flags: AdoptFlags, reporter: Reporter): Promise<'yes' | 'no' | 'interrupted'> {
  if (added === 0 || flags.yes) return 'yes'
  if (canAsk()) return askYes(`Put ${added === 1 ? 'the new heading' : `${added} new headings`} into the outline?`)
  reporter.info('nothing was changed: new headings go into the outline with --yes')
  return 'no'
}

async function readText(path: string, shown: string): Promise<string> {
  const bytes = await readable(shown, () => readFile(path))
  try {
    return normaliseLineEnds(new TextDecoder('utf-8', {fatal: true}).decode(bytes))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError('not-utf8', `Unexpected bytes in \`${shown}\`, expected Markdown in UTF-8`)
  }
}

function refuseUnmerged(text: string, shown: string): void {
  const broken = findBrokenLine(text, '')
  if (broken?.because !== 'unmerged') return
  throw new UsageError(
    'unmerged-file',
    `Unexpected mark of a merge that was not ended in \`${shown}:${broken.line}\`, expected a file that was merged`,
  )
}

function chooseBook({books}: OpenBooks, flags: AdoptFlags, {cwd}: GlobalOptions): LoadedOutline {
  const prefix = books.find(({target}) => flags.at?.startsWith(`${target.name}:`))
  const name = flags.book ?? prefix?.target.name
  const found = books.filter(
    ({target}) => name === undefined || target.name === name || displayPath(target.outlinePath, cwd) === name,
  )
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return only
  const names = books.map(({target}) => target.name).join(', ')
  throw new UsageError(
    'ambiguous-book',
    name === undefined
      ? `Unexpected project of ${books.length} books, expected one of them with --book: ${names}`
      : `Unexpected book \`${name}\`, expected one of ${names}`,
  )
}

async function takeLock({target}: LoadedOutline): Promise<OutputLock> {
  try {
    return await OutputLock.take(target.outputFolder, 'msk-course adopt', {
      nowMs: Date.now(),
      signal: new AbortController().signal,
    })
  } catch (error) {
    if (error instanceof LockedError) throw new UsageError('locked', error.message)
    throw error
  }
}

/** Edits of the book that stands are carried by a build first, so that none gets lost behind what is adopted. */
async function refuseEditedBook(open: OpenBooks, plan: BookPlan, path: string, cwd: string): Promise<void> {
  const {outputFolder} = plan.context.loaded.target
  const bookPath = join(outputFolder, 'book.md')
  if (path === bookPath) return
  const present = await readFile(bookPath, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  const edits = await findBookEdits(open, plan, await readManifest(outputFolder), present)
  if (edits.type === 'none' || (edits.type === 'carried' && edits.texts.size === 0)) return
  throw new UsageError(
    'edited-book',
    `Unexpected edits in \`${displayPath(bookPath, cwd)}\`, expected the book as it was written; \`msk-course build\` carries them first`,
  )
}
