import type {VFile} from 'vfile'
import {applyRuleSettings, messageSeverity} from '../model/report.ts'
import {exitCode} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {hasErrors} from './load-course.ts'
import {openBooks, refuseUnbuildable} from './open-books.ts'
import {outlineOfBook} from './outline-of-book.ts'
import {messageFormat, printMessages} from './print-messages.ts'
import {Reporter} from './reporter.ts'
import {showMessages} from './show-messages.ts'
import {type VerifiedBook, verifyBook} from './verify-book.ts'

export interface VerifyFlags {
  readonly checkLinks: boolean
  readonly allowPrivate: boolean
  /** Whether a text that nobody read as it stands is an error. */
  readonly requireReviewed: boolean
  /** Whether sentences that no source supports are listed. */
  readonly grounding: boolean
  readonly strict: boolean
  readonly format?: string
}

/**
 * Checks the texts that stand, of one book or of all. Asks no model, reads no key and no base URL, changes no book.
 * Gives the exit code.
 */
export async function runVerify(book: string | undefined, flags: VerifyFlags, options: GlobalOptions): Promise<number> {
  const reporter = new Reporter(options)
  const format = messageFormat(flags, options)
  const named = book === undefined ? undefined : await outlineOfBook(book, options.cwd)
  const open = await openBooks(named === undefined ? [] : [named.outline], {
    ...options,
    ...(named?.out === undefined ? {} : {out: named.out}),
  })
  await showMessages(
    open.files.filter((file) => hasErrors([file])),
    reporter,
    options,
  )
  refuseUnbuildable(open, options.cwd)
  const books: VerifiedBook[] = []
  for (const loaded of open.books) books.push(await verifyBook(open, loaded, options.cwd, flags))
  if (flags.checkLinks) {
    const {checkWebLinks} = await import('./check-web-links.ts')
    await checkWebLinks(books, {allowPrivate: flags.allowPrivate, onProgress: (line) => reporter.info(line)})
  }
  const files = books.flatMap((verified) => verified.files)
  for (const file of files) {
    applyRuleSettings(file, open.config.rules ?? {})
    file.messages.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
  }
  await printMessages('verify', files, format, reporter, options)
  if (format === 'text') {
    for (const line of groundingLines(books, options.verbose)) reporter.info(line)
    reporter.info(closingLine(books))
  }
  const severities = files.flatMap((file) => file.messages.map(messageSeverity))
  const fails = severities.includes('error') || (flags.strict && severities.includes('warning'))
  return fails ? exitCode.findings : exitCode.clean
}

/** Share of supported sentences: of all texts, and of each that is not wholly supported. */
function groundingLines(books: readonly VerifiedBook[], isVerbose: boolean): string[] {
  const shares = books.flatMap(({grounded}) => grounded)
  const all = shares.reduce((sum, {sentences}) => sum + sentences, 0)
  if (all === 0) return []
  const supported = shares.reduce((sum, own) => sum + own.supported, 0)
  const percent = (part: number, whole: number): string => `${Math.floor((100 * part) / whole)} %`
  const rows = shares.filter((own) => isVerbose || own.supported < own.sentences)
  return [
    ...rows.map(
      (own) =>
        `${percent(own.supported, own.sentences).padStart(5)} of ${own.sentences} sentences supported  ${own.id}`,
    ),
    `grounding: the sources support ${supported} of ${all} sentences, ${percent(supported, all)}`,
  ]
}

function closingLine(books: readonly VerifiedBook[]): string {
  const files: readonly VFile[] = books.flatMap((book) => book.files)
  const severities = files.flatMap((file) => file.messages.map(messageSeverity))
  const count = (severity: string): number => severities.filter((own) => own === severity).length
  const plural = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`
  const texts = books.reduce((sum, book) => sum + book.textCount, 0)
  return `${plural(texts, 'text')} in ${plural(books.length, 'book')}: ${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}, ${count('info')} info`
}
