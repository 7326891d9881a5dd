import {readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {JobId} from '../model/job.ts'
import type {Judgement} from '../plan/judge-state.ts'
import {type BuildStamp, formatStamp} from '../store/build-stamp.ts'
import {digestText, digestTexts, type FileDigest} from '../store/file-digest.ts'
import {pruneFolder} from '../store/prune-folder.ts'
import {writeWhole} from '../store/write-whole.ts'
import {ignoreState} from './book-guard.ts'
import {type BookPlan, jobsToMake, noRun} from './build-book.ts'
import type {BuildRecorder} from './build-recorder.ts'
import {type BuildOutcome, bookOutcome, buildReport, exitCodeOf, noSpending} from './build-report.ts'
import type {GlobalOptions} from './global-options.ts'
import {namedFiles} from './named-files.ts'
import type {OpenBooks} from './open-books.ts'
import type {BookTarget, Project} from './project.ts'
import type {Reporter} from './reporter.ts'
import {SaidLines} from './said-lines.ts'
import {showMessages} from './show-messages.ts'
import {
  bookInput,
  type FoundBooks,
  fileInputs,
  programAddress,
  rootOf,
  type StampInput,
  stampInputs,
} from './stamp-inputs.ts'
import {summarise} from './summarise.ts'
import {stampedMs, stampPath} from './warm-build.ts'
import {readWarmCommand, stampName, type WarmCommand} from './warm-command.ts'
import {copiedImages} from './write-book.ts'

/** A book as it stands at the end of a build. */
interface StandingBook {
  readonly plan: BookPlan
  readonly judged: ReadonlyMap<JobId, Judgement>
}

/** Stamps that are kept: one per command line, and few are in use. */
const mostStamps = 32

/**
 * Watches a build and leaves a stamp at its end, when the next build with the same command line has nothing to do as
 * long as nothing changes. What the build read is addressed before it is read, and again at the end: what changed in
 * between, and was not written by the build itself, means no stamp.
 */
export class StampWriter implements BuildRecorder {
  private found: FoundBooks | undefined
  private patterns: readonly string[] | null = null
  private companions: BuildStamp['companions'] = null
  private readonly before = new Map<string, FileDigest>()
  private readonly files = new Set<string>()
  private readonly standing: StandingBook[] = []
  /** Content that the build itself gave its files, by the name of the input. */
  private readonly written = new Map<string, string>()

  private constructor(
    private readonly name: string,
    private readonly options: GlobalOptions,
  ) {}

  /** Undefined for a build that no stamp may stand for. */
  static begin(outlines: readonly string[], options: GlobalOptions, reporter: Reporter): StampWriter | undefined {
    const command = readWarmCommand(process.argv.slice(2), process.env)
    if (command === undefined || !isSameCommand(command, outlines, options)) return undefined
    const name = stampName(command, process.env, reporter.hasColor)
    return name === undefined ? undefined : new StampWriter(name, options)
  }

  /** Addresses what the build is about to read. */
  take({configPath, configFile, config}: Project, targets: readonly BookTarget[]): void {
    const found = {configPath, targets, reads: []}
    this.patterns = config?.outlines ?? null
    this.companions = config?.companions ?? null
    if (!this.takeAll(stampInputs(found))) return
    // The config was read before: what it holds must be what was read.
    if (configPath !== undefined) {
      const read = String(configFile?.value)
      const content = this.before.get('config')?.content
      if (content !== digestText(read) && content !== digestText(`\ufeff${read}`)) return
    }
    this.found = found
  }

  takeRead(target: BookTarget): void {
    if (this.found === undefined) return
    const {configPath, reads = []} = this.found
    const isTaken = this.takeAll(
      stampInputs({configPath, targets: [target]}).filter(({name}) => !this.before.has(name)),
    )
    this.found = isTaken ? {...this.found, reads: [...reads, target]} : undefined
  }

  wroteOutline({outputFolder}: BookTarget, outline: string): void {
    this.note(outputFolder, 'outline', digestText(outline))
  }

  /** Addresses the single files that config and outlines name. */
  takeFiles(open: OpenBooks): void {
    if (this.found === undefined) return
    for (const path of namedFiles(open, rootOf(this.found))) this.files.add(path)
    for (const book of open.books) {
      for (const name of copiedImages(book).values()) this.files.add(join(book.target.outputFolder, 'images', name))
    }
    if (!this.takeAll(fileInputs([...this.files]))) this.found = undefined
  }

  /** Gives whether all could be read; what cannot is the build's to report, and there is no stamp. */
  private takeAll(inputs: readonly StampInput[]): boolean {
    try {
      for (const {name, digest} of inputs) this.before.set(name, digest({hasTimes: true}))
      return true
    } catch (error) {
      if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error
      return false
    }
  }

  /** Notes what the build wrote of a book. */
  wrote({outputFolder}: BookTarget, markdown: string, manifest: string): void {
    this.note(outputFolder, 'book.md', digestText(markdown))
    this.note(outputFolder, 'manifest.json', digestText(manifest))
  }

  /** Notes how a book stands when its run is over. */
  stands(plan: BookPlan, judged: ReadonlyMap<JobId, Judgement>): void {
    this.standing.push({plan, judged})
    const {outputFolder} = plan.context.loaded.target
    const texts = [...plan.texts.values()].map(({file, location}): [string, string] => [
      location.replace(/^sections\//, ''),
      file.source,
    ])
    this.note(outputFolder, 'sections', digestTexts(new Map(texts)))
  }

  /** Writes the stamp, where there may be one and it is not there already. What keeps it from being written is no fault of the build. */
  async write(open: OpenBooks, reporter: Reporter): Promise<void> {
    const {found, standing} = this
    if (found === undefined || standing.length !== open.books.length || !standing.every(isDone)) return
    try {
      const digests = this.settledDigests(found, open)
      if (digests === undefined) return
      const text = formatStamp(await this.makeStamp(digests, open))
      const path = stampPath(rootOf(found), this.name)
      if (readIfSame(path, text)) return
      await ignoreState(rootOf(found))
      await writeWhole(path, text)
      pruneFolder(dirname(path), mostStamps)
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException
      if (typeof code !== 'string') throw error
      reporter.detail(`no stamp was written (${code}); the next build reads everything again`)
    }
  }

  private note(outputFolder: string, part: string, content: string): void {
    if (this.found !== undefined) this.written.set(bookInput(outputFolder, rootOf(this.found), part), content)
  }

  /** Digests of all inputs as they are now; undefined when one changed, and not by this build. */
  private settledDigests(found: FoundBooks, open: OpenBooks): Record<string, string> | undefined {
    const copies = new Map<string, string>()
    for (const book of open.books) {
      for (const [from, name] of copiedImages(book)) copies.set(join(book.target.outputFolder, 'images', name), from)
    }
    const digests: Record<string, string> = {}
    for (const {name, digest} of [...stampInputs(found), ...fileInputs([...this.files])]) {
      const own = this.written.get(name)
      // What the build itself wrote needs no times, which tell of a change and a change back.
      if (own !== undefined && digest({hasTimes: false}).content === own) {
        digests[name] = own
        continue
      }
      const {content, times} = digest({hasTimes: true})
      const was = this.before.get(name)
      const isUnchanged = was?.content === content && was.times === times
      const isCopy = digests[copies.get(name) ?? ''] === content
      if (!isUnchanged && !isCopy && !name.endsWith('/.msk-course')) return undefined
      digests[name] = content
    }
    return digests
  }

  /** What a build says that finds everything as it is now. */
  private async makeStamp(digests: Record<string, string>, open: OpenBooks): Promise<BuildStamp> {
    const outcome: BuildOutcome = {
      books: this.standing.map(({plan, judged}) =>
        bookOutcome({
          planned: plan,
          judged,
          run: noRun,
          writing: {hasWritten: false, isBlocked: false},
          cwd: this.options.cwd,
        }),
      ),
      spending: noSpending,
      elapsedMs: stampedMs,
    }
    const said = new SaidLines(this.options)
    await showMessages(open.files, said, {...this.options, json: false, quiet: false})
    summarise(outcome, said)
    const {elapsedMs: _, ...report} = buildReport(outcome) as Record<string, unknown>
    return {
      version: 1,
      program: programAddress(),
      patterns: this.patterns,
      companions: this.companions,
      reads: (this.found?.reads ?? []).map(({name, outlinePath}) => [name, outlinePath]),
      files: [...this.files],
      digests,
      said: said.lines,
      report,
      exitCode: exitCodeOf(outcome),
    }
  }
}

/** Whether a command line is what was made of it: a build that a program calls as a function leaves no stamp. */
function isSameCommand(command: WarmCommand, outlines: readonly string[], options: GlobalOptions): boolean {
  const {cwd, configPath, json, quiet, verbose, color} = command
  return (
    JSON.stringify([command.outlines, cwd, configPath, json, quiet, verbose, color]) ===
    JSON.stringify([
      outlines,
      options.cwd,
      options.configPath,
      options.json,
      options.quiet,
      options.verbose,
      options.color,
    ])
  )
}

/** Whether a book has all of its texts, and a build as things stand now would make none. */
function isDone({plan, judged}: StandingBook): boolean {
  const {context, texts, waiting} = plan
  const {jobs} = context.loaded.plan
  return [...jobs.keys()].every((id) => texts.has(id)) && jobsToMake(judged, texts, context, waiting).size === 0
}

function readIfSame(path: string, text: string): boolean {
  try {
    return readFileSync(path, 'utf8') === text
  } catch {
    // Not there, or not to be read: it is written.
    return false
  }
}
