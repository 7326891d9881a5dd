import {statSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {VFile} from 'vfile'
import {unifiedPatch} from '../diff/unified-patch.ts'
import {applyRuleSettings, messageSeverity} from '../model/report.ts'
import {type OutlineRecord, writeOutlineRecord} from '../store/outline-record.ts'
import {writeWhole} from '../store/write-whole.ts'
import type {Numbering} from '../topics/chapter-label.ts'
import type {CoverageRow} from '../topics/check-coverage.ts'
import {outlineCoverage} from '../topics/outline-coverage.ts'
import type {AgainFlags} from './again-flags.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {draftOutline, type OutlineDraft, readDraft} from './outline-draft.ts'
import {coverageLines, outlineJson, summaryLines} from './outline-report.ts'
import {besideOutline, type OutlineTarget, openOutlineTarget} from './outline-target.ts'
import {type OutlineUpdate, updateOutline} from './outline-update.ts'
import {bookName, displayPath, openProject, type Project, readable} from './project.ts'
import {type Refinement, refineOutline} from './refine-outline.ts'
import {Reporter} from './reporter.ts'
import {showMessages} from './show-messages.ts'

export interface OutlineFlags extends AgainFlags {
  readonly output: string
  readonly numbering?: Numbering
  readonly coverage: boolean
  readonly diff: boolean
  readonly refine: boolean
}

/** What came of a run, for whoever asked. */
export interface OutlineOutcome {
  readonly topics: string
  readonly draft: OutlineDraft
  /** Undefined where the outline is printed. */
  readonly target: OutlineTarget | undefined
  readonly update: OutlineUpdate
  readonly refinement: Refinement | undefined
  readonly coverage: readonly CoverageRow[]
  readonly directives: number
  readonly files: readonly VFile[]
  readonly isWritten: boolean
}

/** Largest topic list that is read. */
const maxTopicsBytes = 16 * 1024 * 1024

/** Makes an outline from a topic list, or merges the changed list into it. Gives the exit code. */
export async function runOutline(topics: string, flags: OutlineFlags, options: GlobalOptions): Promise<number> {
  const reporter = new Reporter(options)
  const topicsPath = resolve(options.cwd, topics)
  const isPrinted = flags.output === '-'
  const outlinePath = isPrinted ? undefined : resolve(options.cwd, flags.output)
  refuseConflictingFlags(flags, options)
  const project = await openProject(options, outlinePath ?? topicsPath)
  if (project.config === undefined) throw configFault(project)
  const target = outlinePath === undefined ? undefined : await openOutlineTarget(outlinePath, topicsPath, options.cwd)
  const root = project.root ?? join(options.cwd, 'output', bookName(outlinePath ?? topicsPath, options.cwd))
  const file = await readTopicFile(topicsPath, options)
  const numbering = flags.numbering ?? target?.record?.numbering ?? 'roman'
  const known = target?.record?.known ?? []
  const draft = await draftOutline(file, root, project.config, {numbering, known}, (text) => reporter.warn(text))
  applyRuleSettings(file, project.config.rules ?? {})
  await showMessages([file], reporter, options)
  if (draft === undefined) throw topicsFault(file)
  const {before, refined} = wordingsBefore(target?.record, draft)
  const refinement = flags.refine
    ? await refineOutline({draft, before, refined, root, project, flags, options, reporter})
    : undefined
  if (typeof refinement === 'number') return refinement
  const wordings = new Map([...before, ...(refinement?.wordings ?? [])])
  const fresh = draft.write(wordings)
  refuseFaulty(outlinePath ?? topicsPath, fresh, project, options)
  const update =
    target === undefined
      ? {text: fresh, conflicts: [], kept: 0}
      : updateOutline(target, fresh, project.config, options.cwd)
  const shown = target?.shown ?? 'outline'
  const read = readDraft(shown, update.text, project.config)
  await showMessages([read.file], reporter, options)
  const isWritten = target !== undefined && !flags.diff && !flags.dryRun
  if (isWritten)
    await write(target, update, {
      draft,
      fresh,
      numbering,
      refined: [...refined, ...(refinement?.wordings.keys() ?? [])],
    })
  const outcome: OutlineOutcome = {
    topics: displayPath(topicsPath, options.cwd),
    draft,
    target,
    update,
    refinement,
    coverage: outlineCoverage(draft.list, draft.plan, read.jobs, update.text.slice(0, read.outline.bodyStart)),
    directives: read.jobs.length,
    files: [file, read.file],
    isWritten,
  }
  return say(outcome, flags, reporter, options)
}

function say(outcome: OutlineOutcome, flags: OutlineFlags, reporter: Reporter, options: GlobalOptions): number {
  const {target, update, coverage, refinement} = outcome
  const isUncovered = coverage.some(({directive}) => directive === undefined)
  if (options.json) reporter.json(outlineJson(outcome, options.cwd))
  else {
    if (target === undefined) reporter.resultBytes(update.text)
    else if (flags.diff) reporter.resultBytes(unifiedPatch(target.shown, target.standing ?? '', update.text))
    if (flags.coverage) {
      const lines = coverageLines(outcome)
      // What is printed is the outline or the patch alone.
      for (const line of lines) target === undefined || flags.diff ? reporter.info(line) : reporter.result(line)
    }
    for (const line of summaryLines(outcome, options.cwd)) reporter.info(line)
  }
  const hasFindings = update.conflicts.length > 0 || (flags.coverage && isUncovered) || refinement?.hasFailed === true
  return hasFindings ? exitCode.findings : exitCode.clean
}

function refuseConflictingFlags(flags: OutlineFlags, {json}: GlobalOptions): void {
  if (flags.diff && flags.output === '-')
    throw new UsageError(
      'conflicting-flags',
      'Unexpected --diff with -o -, expected the name of an outline to compare with',
    )
  if (flags.output === '-' && json)
    throw new UsageError(
      'conflicting-flags',
      'Unexpected --json with -o -, expected one or the other: both are results',
    )
}

async function readTopicFile(path: string, {cwd}: GlobalOptions): Promise<VFile> {
  const shown = displayPath(path, cwd)
  const stat = statSync(path, {throwIfNoEntry: false})
  if (stat === undefined) throw new UsageError('not-found', `Cannot read \`${shown}\`, expected a topic list`)
  if (!stat.isFile()) throw new UsageError('not-a-file', `Cannot read \`${shown}\`, expected a file with a topic list`)
  if (stat.size > maxTopicsBytes)
    throw new UsageError(
      'too-large',
      `Unexpected size of \`${shown}\`, expected at most ${maxTopicsBytes / 1024 / 1024} MB`,
    )
  return new VFile({path: shown, value: await readable(shown, () => readFile(path))})
}

/**
 * Wordings of the time before, for directives that are made from the same as then: a newer version of the program words
 * nothing anew, and what a model has bettered stays. `refined` are the ids of the latter.
 */
function wordingsBefore(
  record: OutlineRecord | undefined,
  {worded}: OutlineDraft,
): {before: ReadonlyMap<string, string>; refined: ReadonlySet<string>} {
  const before = new Map<string, string>()
  if (record === undefined) return {before, refined: new Set()}
  const {outline} = readDraft('base', record.outline, {})
  for (const {attributes, value} of outline.directives) {
    const {id} = attributes
    if (id !== undefined && record.worded[id] !== undefined && record.worded[id] === worded.get(id))
      before.set(id, value)
  }
  return {before, refined: new Set(record.refined.filter((id) => before.has(id)))}
}

interface Written {
  readonly draft: OutlineDraft
  readonly fresh: string
  readonly numbering: Numbering
  readonly refined: readonly string[]
}

/** The text beside goes first and the record last: a run that is cut off in between is repeated with the same result. */
async function write(
  target: OutlineTarget,
  update: OutlineUpdate,
  {draft, fresh, numbering, refined}: Written,
): Promise<void> {
  const {standing, path, inAuthorsForm, topics} = target
  if (update.other !== undefined) await writeWhole(besideOutline(path), inAuthorsForm(update.other))
  if (update.text !== standing) await writeWhole(path, inAuthorsForm(update.text))
  const {known} = draft.plan
  const record = {topics, numbering, known, worded: Object.fromEntries(draft.worded), refined, outline: fresh}
  await writeOutlineRecord(target.recordPath, record)
}

/** Refuses a generated outline that `check` would not pass, as a template of the project's may give. */
function refuseFaulty(path: string, fresh: string, {config}: Project, {cwd}: GlobalOptions): void {
  const {file} = readDraft(displayPath(path, cwd), fresh, config ?? {})
  const first = file.messages.find((message) => messageSeverity(message) === 'error')
  if (first === undefined) return
  throw new UsageError(
    'faulty-outline',
    `Cannot write \`${file.path}\`, whose line ${first.line ?? 1} would have an error: ${first.reason}; look at the templates in \`prompts/outline/\``,
  )
}

function topicsFault(file: VFile): UsageError {
  const errors = file.messages.filter((message) => messageSeverity(message) === 'error')
  const [first] = errors
  const count = `${errors.length} ${errors.length === 1 ? 'error' : 'errors'}`
  return new UsageError(
    'bad-topics',
    `Cannot make an outline: ${count}, the first at ${file.path}:${first?.line ?? 1}:${first?.column ?? 1} ${first?.reason ?? ''}; nothing was written`,
  )
}

function configFault({configFile}: Project): UsageError {
  const [first] = configFile?.messages ?? []
  return new UsageError(
    'invalid-config',
    `Cannot go on: ${configFile?.path ?? 'the config'}:${first?.line ?? 1} ${first?.reason ?? 'has errors'}; nothing was written`,
  )
}
