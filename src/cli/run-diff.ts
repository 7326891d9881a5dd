import {resolve} from 'node:path'
import type {BookSide} from '../diff/book-side.ts'
import {diffBooks} from '../diff/diff-books.ts'
import {type DiffReport, totalsLine} from '../diff/diff-report.ts'
import {htmlReport} from '../diff/html-report.ts'
import {markdownReport} from '../diff/markdown-report.ts'
import {costUsd} from '../model/price.ts'
import {priceOf} from '../model/price-of.ts'
import {readIfThere} from '../store/completion-store.ts'
import {GitRepository} from '../store/git-repository.ts'
import {writeWhole} from '../store/write-whole.ts'
import type {DiffFlags, DiffFormat} from './diff-flags.ts'
import {diffJson} from './diff-json.ts'
import {
  type DiffScope,
  type DiffSide,
  namedSide,
  noRepository,
  previousSide,
  revisionSide,
  workTreeSide,
} from './diff-sides.ts'
import {diffReportText} from './diff-text.ts'
import {escapeTerminal, terminalSafeJson} from './escape-terminal.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {openProject, readable} from './project.ts'
import {Reporter} from './reporter.ts'
import {type ComparedBook, selectSections} from './select-sections.ts'
import {inCommonForm, type SideBook} from './side-book.ts'

interface Sides {
  readonly base: DiffSide
  readonly head: DiffSide
}

/** Compares two sides section by section. Asks nobody, changes no book; gives 0 for no difference and 1 for some. */
export async function runDiff(
  base: string | undefined,
  head: string | undefined,
  flags: DiffFlags,
  options: GlobalOptions,
): Promise<number> {
  const reporter = new Reporter(options)
  const format = formatOf(flags, options)
  const scope = await openScope(flags, options)
  const sides = await openSides(base, head, flags, scope)
  const books = compareBooks(sides, scope)
  for (const book of books) warnOfMissingTexts(book, sides, reporter)
  const report: DiffReport = {
    base: sides.base.label,
    head: sides.head.label,
    hasBooks: books.length > 1,
    sections:
      flags.section === undefined ? books.flatMap(({sections}) => sections) : selectSections(flags.section, books),
  }
  if (flags.output !== undefined) {
    const rendered = format === 'text' ? diffReportText(report, {hasColor: false}) : rendering(report, format, sides)
    await writeReport(flags.output, rendered, format, options.cwd)
  } else if (format === 'text') {
    reporter.resultSafe(diffReportText(report, {hasColor: reporter.hasResultColor}))
  } else reporter.resultSafe(rendering(report, format, sides))
  if (format === 'text' || flags.output !== undefined)
    reporter.info(`${report.base} → ${report.head}: ${totalsLine(report)}`)
  return report.sections.length === 0 ? exitCode.clean : exitCode.findings
}

/** A side without a single text is a folder that was never built, or one that git was told to ignore. */
function warnOfMissingTexts({name, before, after}: ComparedBook, {base, head}: Sides, reporter: Reporter): void {
  const hasText = (side: BookSide | undefined): boolean => side?.sections.some(({text}) => text !== undefined) === true
  const bare =
    before !== undefined && !hasText(before) ? base : after !== undefined && !hasText(after) ? head : undefined
  if (bare === undefined || hasText(before) === hasText(after)) return
  reporter.warn(
    `\`${bare.label}\` has no text of \`${name}\`, so that every text of the other side is shown as new or gone; see whether its section files are committed`,
  )
}

function formatOf({format}: Pick<DiffFlags, 'format'>, {json}: Pick<GlobalOptions, 'json'>): DiffFormat {
  if (json && format !== undefined && format !== 'json')
    throw new UsageError('conflicting-flags', `Unexpected --format ${format} with --json, expected one of them`)
  return json ? 'json' : (format ?? 'text')
}

/** A report as a document whose strings hold nothing that a terminal would act on. */
function rendering(report: DiffReport, format: 'markdown' | 'json' | 'html', sides: Sides): string {
  if (format === 'json') return `${terminalSafeJson(diffJson(report, sides))}\n`
  return escapeTerminal(format === 'html' ? htmlReport(report) : markdownReport(report))
}

/** How a report begins; text begins with anything. */
const beginnings: Readonly<Record<DiffFormat, string | undefined>> = {
  text: undefined,
  markdown: '### ',
  json: '{\n  "version": 1,\n  "command": "diff",',
  html: '<!DOCTYPE html>',
}

/** Writes a report to a file that is new or holds an earlier report: no outline and no book is lost to a slip. */
async function writeReport(name: string, text: string, format: DiffFormat, cwd: string): Promise<void> {
  const path = resolve(cwd, name)
  const present = await readable(name, () => readIfThere(path))
  const beginning = beginnings[format]
  const isReport =
    beginning === undefined ? !/\.(?:md|markdown|ya?ml|json)$/i.test(path) : present?.startsWith(beginning)
  if (present !== undefined && present !== '' && isReport !== true)
    throw new UsageError(
      'not-a-report',
      `Unexpected file \`${name}\`, expected a new one or an earlier report; name another one`,
    )
  await writeWhole(path, text)
}

async function openScope({outline = [], out}: DiffFlags, options: GlobalOptions): Promise<DiffScope> {
  const outlines = outline.map((path) => resolve(options.cwd, path))
  const project = await openProject(options, outlines[0])
  if (project.config === undefined) {
    const reason = project.configFile?.messages[0]?.reason ?? 'it has errors'
    throw new UsageError('invalid-config', `Cannot read the config: ${reason}; \`msk-course check\` lists all`)
  }
  const root = project.root ?? options.cwd
  return {
    cwd: options.cwd,
    root,
    repository: await GitRepository.open(root),
    config: project.config,
    configPath: project.configPath,
    outlines,
    out: out === undefined ? undefined : resolve(options.cwd, out),
  }
}

async function openSides(
  base: string | undefined,
  head: string | undefined,
  flags: DiffFlags,
  scope: DiffScope,
): Promise<Sides> {
  if (flags.previous) {
    if (head !== undefined || flags.mergeBase) {
      const other = head === undefined ? '--merge-base' : `\`${base}\` and \`${head}\``
      throw new UsageError('conflicting-flags', `Unexpected ${other} with --previous, expected at most the side after`)
    }
    return {base: await previousSide(scope), head: await headSide(base, scope)}
  }
  const after = await headSide(head, scope)
  const before = base === undefined ? await headRevision(scope) : await namedSide(base, scope)
  return {base: flags.mergeBase ? await partedSide(before, after, scope) : before, head: after}
}

async function headSide(name: string | undefined, scope: DiffScope): Promise<DiffSide> {
  return name === undefined ? workTreeSide(scope) : namedSide(name, scope)
}

/** The last commit. */
async function headRevision(scope: DiffScope): Promise<DiffSide> {
  const commit = await scope.repository?.commitOf('HEAD')
  if (commit !== undefined) return revisionSide('HEAD', commit, scope)
  const reason =
    scope.repository === undefined
      ? noRepository('HEAD')
      : 'Cannot read the revision `HEAD`, expected a commit; the repository has none yet'
  throw new UsageError('no-repository', reason)
}

/** The commit at which two sides parted; the work tree counts as the last commit. */
async function partedSide(base: DiffSide, head: DiffSide, scope: DiffScope): Promise<DiffSide> {
  const {repository} = scope
  const tip = head.commit ?? (head.label === 'work tree' ? await repository?.commitOf('HEAD') : undefined)
  const commit =
    base.commit === undefined || tip === undefined ? undefined : await repository?.mergeBase(base.commit, tip)
  if (commit !== undefined) return revisionSide(`${base.label} (${commit.slice(0, 10)})`, commit, scope)
  throw new UsageError(
    'no-merge-base',
    `Cannot find where \`${base.label}\` and \`${head.label}\` parted, expected revisions that share a commit; a shallow clone may lack it`,
  )
}

/** The books of both sides by name; one that is named by itself is compared with its namesake, or with the only other. */
function compareBooks({base, head}: Sides, scope: DiffScope): ComparedBook[] {
  const names = [...new Set([...head.books, ...base.books].map(({name}) => name))]
  if (names.length === 0)
    throw new UsageError(
      'no-book',
      `Cannot find a book in \`${base.label}\` or \`${head.label}\`, expected \`outline/*.md\`, or one named with --outline`,
    )
  const find = (books: readonly SideBook[], name: string): SideBook | undefined =>
    books.find((book) => book.name === name)
  const [single, other] = base.isSingle ? [base, head] : [head, base]
  if (!single.isSingle) return names.map((name) => compareBook(find(base.books, name), find(head.books, name), scope))
  const own = single.books[0]
  const partner = own === undefined ? undefined : (find(other.books, own.name) ?? onlyBook(other, own))
  return [base === single ? compareBook(own, partner, scope) : compareBook(partner, own, scope)]
}

function onlyBook({label, books}: DiffSide, {name}: SideBook): SideBook | undefined {
  if (books.length <= 1) return books[0]
  throw new UsageError(
    'ambiguous-book',
    `Cannot tell which book of \`${label}\` to compare \`${name}\` with, expected one of ${books.map((book) => book.name).join(', ')}; name its outline with --outline`,
  )
}

function compareBook(base: SideBook | undefined, head: SideBook | undefined, {config}: DiffScope): ComparedBook {
  const name = head?.name ?? base?.name ?? ''
  const sides = inCommonForm(base, head)
  if (sides === undefined)
    throw new UsageError(
      'no-common-form',
      `Cannot compare the two sides of \`${name}\`, expected section files or a \`book.md\` on both`,
    )
  const sections = diffBooks(sides.before, sides.after, ({model, usage}) => {
    const price = priceOf(model, config.prices)
    return price === undefined ? undefined : costUsd(usage, price)
  })
  return {name, ...sides, sections}
}
