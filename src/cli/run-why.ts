import type {Job, JobId} from '../model/job.ts'
import {CompletionStore} from '../store/completion-store.ts'
import {readManifest} from '../store/manifest.ts'
import {storeFolder} from '../store/store-paths.ts'
import {type BookLineFacts, findBookLine, nearestOutlineLine} from './book-line.ts'
import {mapBook} from './book-map.ts'
import {type BookPlan, planBook} from './build-book.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {judgedBy} from './judged-by.ts'
import {hasErrors, type LoadedOutline} from './load-course.ts'
import {bookContext, type OpenBooks, openBooks, refuseUnbuildable} from './open-books.ts'
import {Reporter} from './reporter.ts'
import {selectInBook, selectorInBook} from './select-in-book.ts'
import {showMessages} from './show-messages.ts'
import {UpstreamReader} from './upstream-reader.ts'
import {type WhyBook, type WhyFacts, whyFacts} from './why-facts.ts'
import {bookLineLines, whyLines} from './why-lines.ts'
import {readersOf} from './why-neighbours.ts'
import {differenceLines, sentLines, wholeRequestLines} from './why-request-lines.ts'
import {withDefaultModel} from './with-default-model.ts'

export interface WhyFlags {
  /** What `line:` counts the lines of. */
  readonly in: 'outline' | 'book'
  /** Shows the request whole. */
  readonly request: boolean
  /** Shows the request that made the text whole. */
  readonly sent: boolean
  /** Shows in what words the two differ. */
  readonly diff: boolean
  readonly provider?: string
  readonly model?: string
  readonly outline?: readonly string[]
  readonly out?: string
}

/** Explains directives. Sends and writes nothing, reads no key and no base URL. */
export async function runWhy(selectors: readonly string[], flags: WhyFlags, options: GlobalOptions): Promise<number> {
  const reporter = new Reporter(options)
  const open = await openBooks(flags.outline ?? [], {...options, ...(flags.out === undefined ? {} : {out: flags.out})})
  await showMessages(
    open.files.filter((file) => hasErrors([file])),
    reporter,
    options,
  )
  refuseUnbuildable(open, options.cwd)
  const lines: BookLineFacts[] = []
  const facts: WhyFacts[] = []
  const asked = selectors.map((selector) => ({
    selector,
    books: open.books.filter((book) => names(selector, book, open)),
  }))
  if (flags.in === 'book') refuseWithoutLine(selectors, open)
  for (const loaded of open.books) {
    const own = asked.filter(({books}) => books.includes(loaded)).map(({selector}) => selector)
    if (own.length === 0) continue
    const book = await openWhyBook(open, loaded, flags, options)
    const {jobs} = loaded.plan
    const selected = new Set<JobId>()
    for (const selector of own) for (const id of select(selector, book, open, flags, lines)) selected.add(id)
    const around = await booksAround(open, loaded)
    const explained = {...book, readers: readersOf(selected, loaded.plan), around}
    for (const id of jobs.keys()) {
      if (selected.has(id)) facts.push(await whyFacts(jobs.get(id) as Job, explained, flags))
    }
  }
  if (options.json) {
    reporter.json({version: 1, command: 'why', ...(flags.in === 'book' ? {lines} : {}), directives: facts})
    return exitCode.clean
  }
  const hasBooks = open.books.length > 1
  const parts = [
    ...lines.map(bookLineLines),
    ...facts.map((one) => [
      ...whyLines(one, hasBooks),
      ...(flags.request ? ['', ...wholeRequestLines(one.request)] : []),
      ...(flags.sent ? ['', ...sentLines(one)] : []),
      ...(flags.diff ? ['', ...differenceLines(one)] : []),
    ]),
  ]
  reporter.result(parts.map((part) => part.join('\n')).join('\n\n'))
  return exitCode.clean
}

/** The books that one reads, and those of the command that read it, by name. */
async function booksAround(open: OpenBooks, loaded: LoadedOutline): Promise<Map<string, BookPlan>> {
  const readers = open.books.filter((book) => book.reads.some(({target}) => target.name === loaded.target.name))
  const around = new Map<string, BookPlan>()
  for (const book of new Set([...loaded.reads, ...readers])) {
    const {choice, usesModel} = await judgedBy(book, {}, open.config)
    around.set(book.target.name, await planBook(bookContext(open, book, choice, usesModel)))
  }
  return around
}

function names(selector: string, {target}: LoadedOutline, {books}: OpenBooks): boolean {
  return selectorInBook(selector, books, target.name) !== undefined
}

/** `--in book` says what a line is of; with nothing but other selectors it would say nothing. */
function refuseWithoutLine(selectors: readonly string[], {books}: OpenBooks): void {
  const isLine = (selector: string): boolean =>
    books.some(({target}) => selectorInBook(selector, books, target.name)?.startsWith('line:') === true)
  if (selectors.some(isLine)) return
  throw new UsageError(
    'bad-flag',
    `Unexpected --in book for \`${selectors.join(' ')}\`, expected a line of the book such as \`line:120\``,
  )
}

async function openWhyBook(
  open: OpenBooks,
  loaded: LoadedOutline,
  flags: WhyFlags,
  {cwd}: GlobalOptions,
): Promise<WhyBook> {
  // As for a build, naming a model means to use one.
  const provider = flags.provider ?? (flags.model === undefined ? undefined : 'openai')
  const {choice, usesModel} = await judgedBy(
    loaded,
    {...flags, ...(provider === undefined ? {} : {provider})},
    open.config,
  )
  const judged = await planBook(bookContext(open, loaded, choice, usesModel))
  const manifest = await readManifest(loaded.target.outputFolder)
  const store = new CompletionStore(storeFolder(loaded.target.root))
  const map = await mapBook(judged, manifest, open.config)
  // A text is judged without a model where none is known; a request always names one.
  const plan = withDefaultModel(judged)
  const upstream = new UpstreamReader(plan, (address) => store.peekText(address))
  return {plan, map, store, upstream, readers: new Map(), around: new Map(), cwd}
}

/** The directives that a selector names; where a line of the book comes from is added to `lines`. */
function select(
  selector: string,
  book: WhyBook,
  {books}: OpenBooks,
  flags: WhyFlags,
  lines: BookLineFacts[],
): Iterable<JobId> {
  const {target} = book.plan.context.loaded
  const own = selectorInBook(selector, books, target.name) ?? selector
  if (flags.in === 'outline' || !own.startsWith('line:')) return selectInBook(selector, books, book.plan)
  const line = findBookLine(own, book)
  lines.push(line)
  if (line.directive !== null) return [line.directive]
  const at = nearestOutlineLine(line, book)
  // Behind the last directive there is nothing but the author's own text, which is said.
  const last = [...book.plan.context.loaded.plan.jobs.values()].at(-1)?.directive.position.end.line ?? 0
  return at === undefined || at > last ? [] : selectInBook(`${target.name}:line:${at}`, books, book.plan)
}
