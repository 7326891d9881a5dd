import {readFile} from 'node:fs/promises'
import type {VFile} from 'vfile'
import type {VFileMessage} from 'vfile-message'
import type {SourceEdit} from '../model/outline.ts'
import {messageSeverity, report} from '../model/report.ts'
import {writeWhole} from '../store/write-whole.ts'
import {applyEdits, fixOutline} from '../syntax/fix-outline.ts'
import {linePatch} from '../syntax/line-patch.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import {formatMessages, type MessageFormat, messageFormats} from './format-messages.ts'
import type {GlobalOptions} from './global-options.ts'
import type {LoadedOutline} from './load-course.ts'
import {openBooks} from './open-books.ts'
import {Reporter} from './reporter.ts'

export interface CheckFlags {
  readonly fix: boolean
  readonly diff: boolean
  readonly readings: boolean
  readonly strict: boolean
  readonly format?: string
}

/** Rules that `--fix` mends. */
const fixableRules = new Set([
  'missing-closing-tag',
  'swapped-quote',
  'other-delimiter',
  'other-tag-name',
  'doubled-heading-mark',
  'accidental-heading',
  'outer-fence',
  'stray-closing-tag',
])

/** Checks config, templates and outlines; sends nothing. Gives the exit code. */
export async function runCheck(
  outlines: readonly string[],
  flags: CheckFlags,
  options: GlobalOptions,
): Promise<number> {
  const reporter = new Reporter(options)
  const format = messageFormat(flags, options)
  const open = await openBooks(outlines, options)
  for (const {outline, file} of open.books) {
    if (outline.directives.length === 0) {
      report(
        file,
        'no-directives',
        'Unexpected outline without directives, expected at least one `<prompt>…</prompt>`',
        {place: {line: 1, column: 1, offset: 0}},
      )
    }
  }
  if (flags.diff && !flags.fix)
    throw new UsageError(
      'diff-without-fix',
      'Unexpected --diff, expected it with --fix; the patch is what --fix would do',
    )
  if (flags.fix) {
    const fixed = await fixBooks(open.books, open.config.tags ?? [], flags.diff, options, reporter)
    if (flags.diff) return fixed === 0 ? exitCode.clean : exitCode.findings
    if (fixed > 0) reporter.info(`rewrote ${fixed} ${fixed === 1 ? 'place' : 'places'} to the regular form`)
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
  const files = [...open.files].filter((file, number, all) => all.indexOf(file) === number)
  const text = await formatMessages(files, format, {
    isVerbose: options.verbose,
    hasColor: reporter.hasColor,
    cwd: options.cwd,
  })
  if (format === 'text') {
    reporter.resultSafe(text)
    if (!options.quiet) reporter.info(closingLine(open.books, files))
  } else reporter.resultSafe(text)
  return code(files, flags.strict)
}

/** The format that messages are wanted in; a usage error for one that is not known, or with --json is no JSON. */
export function messageFormat(
  {format}: Pick<CheckFlags, 'format'>,
  {json}: Pick<GlobalOptions, 'json'>,
): MessageFormat {
  const known = messageFormats.find((own) => own === (format ?? (json ? 'json' : 'text')))
  const expected = messageFormats.filter((own) => !json || own === 'json' || own === 'sarif')
  if (known !== undefined && expected.includes(known)) return known
  const where = json ? ' with --json' : ''
  throw new UsageError('bad-format', `Unexpected format \`${format}\`${where}, expected one of ${expected.join(', ')}`)
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

/** Rewrites irregular directives, or prints the patch; gives the number of places. */
async function fixBooks(
  books: readonly LoadedOutline[],
  ownTagNames: readonly string[],
  isPatch: boolean,
  options: GlobalOptions,
  reporter: Reporter,
): Promise<number> {
  let count = 0
  const patches: string[] = []
  for (const {outline, file, target} of books) {
    const edits = fixOutline(outline, ownTagNames)
    if (edits.length === 0) continue
    const before = await readFile(target.outlinePath)
    const mark = before.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? '\ufeff' : ''
    if (!before.equals(Buffer.from(mark + outline.source, 'utf8'))) {
      reporter.warn(`${file.path} is no UTF-8, or was changed just now, and is left as it is`)
      continue
    }
    count += file.messages.filter(({ruleId}) => fixableRules.has(ruleId ?? '')).length
    if (isPatch) {
      patches.push(
        linePatch(
          file.path,
          mark + outline.source,
          edits.map((edit) => shiftEdit(edit, mark.length)),
        ),
      )
      continue
    }
    await writeWhole(target.outlinePath, mark + applyEdits(outline.source, edits))
    file.messages = file.messages.filter(({ruleId}) => !fixableRules.has(ruleId ?? ''))
  }
  if (!isPatch) return count
  if (options.json) reporter.json({version: 1, command: 'check', patch: patches.join('')})
  else if (patches.length > 0) reporter.resultBytes(patches.join(''))
  return count
}

function shiftEdit({start, end, text}: SourceEdit, by: number): SourceEdit {
  return {start: start + by, end: end + by, text}
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
