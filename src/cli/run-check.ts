import {resolve} from 'node:path'
import type {VFile} from 'vfile'
import type {VFileMessage} from 'vfile-message'
import {applyRuleSettings, messageSeverity, report} from '../model/report.ts'
import {findWronglyEncoded, fixEncoding, reportEncoding} from './encoded-files.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import {type FixKind, fixOutlines} from './fix-outlines.ts'
import type {GlobalOptions} from './global-options.ts'
import {kindSettings, type LoadedOutline, sortMessages} from './load-course.ts'
import {type OpenBooks, openBooks} from './open-books.ts'
import {messageFormat, printMessages} from './print-messages.ts'
import {type BookTarget, findBooks, openProject} from './project.ts'
import {Reporter} from './reporter.ts'

export interface CheckFlags {
  readonly fix: FixKind | false
  readonly diff: boolean
  /** Whether wrongly encoded files are rewritten. */
  readonly fixEncoding: boolean
  readonly readings: boolean
  readonly strict: boolean
  readonly format?: string
}

/** Checks config, templates and outlines; sends nothing. Gives the exit code. */
export async function runCheck(
  outlines: readonly string[],
  flags: CheckFlags,
  options: GlobalOptions,
): Promise<number> {
  const reporter = new Reporter(options)
  const format = messageFormat(flags, options)
  if (flags.fixEncoding) await mendEncoding(outlines, options, reporter)
  let open = await openChecked(outlines, options)
  if (flags.diff && flags.fix === false)
    throw new UsageError(
      'diff-without-fix',
      'Unexpected --diff, expected it with --fix; the patch is what --fix would do',
    )
  if (flags.fix !== false) {
    const fixed = await fixOutlines(open, flags.fix, flags.diff, reporter)
    if (flags.diff) return fixed === 0 ? exitCode.clean : exitCode.findings
    if (fixed > 0 && flags.fix === 'ids') reporter.info(`wrote ${fixed} ${fixed === 1 ? 'id' : 'ids'}`)
    else if (fixed > 0) reporter.info(`rewrote ${fixed} ${fixed === 1 ? 'place' : 'places'} to the regular form`)
    // What is left to say stands in other columns now.
    if (fixed > 0) open = await openChecked(outlines, options)
  }
  if (flags.readings) {
    if (format !== 'json' && format !== 'text') {
      throw new UsageError('bad-format', `Unexpected --format ${format} with --readings, expected text or json`)
    }
    const readings = open.books.flatMap(readingsOf)
    if (format === 'json') {
      reporter.json(readings)
      return code(open.files, flags.strict)
    }
    for (const {file, line, column, id, container, depth, value} of readings) {
      reporter.result(`${file}:${line}:${column} ${id} (${container}, depth ${depth})\n${indent(value)}`)
    }
  }
  const encoded = await findWronglyEncoded(rootOf(open, options), targetsOf(open))
  const odd = reportEncoding(encoded, open.files, options.cwd)
  for (const file of odd) {
    applyRuleSettings(file, open.config.rules ?? {})
    sortMessages(file)
  }
  const files = [...open.files, ...odd].filter((file, number, all) => all.indexOf(file) === number)
  await printMessages('check', files, format, reporter, options)
  if (format === 'text' && !options.quiet) reporter.info(closingLine(open.books, files))
  return code(files, flags.strict)
}

/** Mends files before anything of them is read: an outline in UTF-16 could not be. */
async function mendEncoding(outlines: readonly string[], options: GlobalOptions, reporter: Reporter): Promise<void> {
  const first = outlines[0] === undefined ? undefined : resolve(options.cwd, outlines[0])
  const project = await openProject(options, first)
  const targets = await findBooks(outlines, project, options)
  const root = project.root ?? targets[0]?.root ?? options.cwd
  for (const line of await fixEncoding(await findWronglyEncoded(root, targets), options.cwd)) reporter.info(line)
}

function targetsOf({books}: OpenBooks): BookTarget[] {
  return books.map(({target}) => target)
}

function rootOf({project, books}: OpenBooks, {cwd}: GlobalOptions): string {
  return project.root ?? books[0]?.target.root ?? cwd
}

async function openChecked(outlines: readonly string[], options: GlobalOptions): Promise<OpenBooks> {
  const open = await openBooks(outlines, options)
  for (const loaded of open.books) {
    const {outline, file} = loaded
    if (outline.directives.length === 0) {
      report(
        file,
        'no-directives',
        'Unexpected outline without directives, expected at least one `<prompt>…</prompt>`',
        {place: {line: 1, column: 1, offset: 0}},
      )
    }
    reportUncovered(open, loaded)
  }
  await open.shared.sources.save()
  return open
}

/** Says which directives the sources of a course say nothing to. */
function reportUncovered({config, shared}: OpenBooks, {plan, file, target}: LoadedOutline): void {
  const {sourceTokens} = config
  const settings = {
    kinds: kindSettings(config),
    isDerived: target.companion !== undefined,
    ...(sourceTokens === undefined ? {} : {sourceTokens: sourceTokens === 'none' ? 0 : sourceTokens}),
  }
  const before = file.messages.length
  for (const job of plan.jobs.values()) {
    if (shared.sources.covers(job, settings) !== false) continue
    const reason = `Cannot find \`${job.id}\` in the sources, expected a note below \`sources/\` that covers it`
    report(file, 'uncovered-directive', reason, {place: job.directive.position})
  }
  if (file.messages.length === before) return
  applyRuleSettings(file, config.rules ?? {})
  sortMessages(file)
}

function code(files: readonly VFile[], isStrict: boolean): number {
  const severities = files.flatMap((file) => file.messages.map(messageSeverity))
  const fails = severities.includes('error') || (isStrict && severities.includes('warning'))
  return fails ? exitCode.findings : exitCode.clean
}

/** How a directive was read. */
interface Reading {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  readonly id: string
  readonly kind: string
  readonly container: string
  readonly containerDepth: number
  readonly depth: number
  readonly declaredDepth: number | null
  readonly label: string | null
  readonly attributes: object
  readonly value: string
}

function readingsOf({file, plan}: LoadedOutline): Reading[] {
  return [...plan.jobs.values()].map(({id, kind, depth, directive}) => ({
    file: file.path,
    line: directive.position.start.line,
    column: directive.position.start.column,
    endLine: directive.position.end.line,
    endColumn: directive.position.end.column,
    id,
    kind,
    container: directive.container,
    containerDepth: directive.containerDepth,
    depth,
    declaredDepth: directive.declaredDepth ?? null,
    label: directive.label ?? null,
    attributes: directive.attributes,
    value: directive.value,
  }))
}

function closingLine(books: readonly LoadedOutline[], files: readonly VFile[]): string {
  const messages: VFileMessage[] = files.flatMap((file) => file.messages)
  const count = (severity: string): number => messages.filter((message) => messageSeverity(message) === severity).length
  const directives = books.reduce((sum, {outline}) => sum + outline.directives.length, 0)
  const plural = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`
  return `${plural(directives, 'directive')} in ${plural(books.length, 'outline')}: ${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}, ${count('info')} info`
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
}
