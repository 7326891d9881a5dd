import type {JobId} from '../model/job.ts'
import {type Manifest, readManifest} from '../store/manifest.ts'
import type {AgainFlags} from './again-flags.ts'
import {refuseForeignOutput} from './book-guard.ts'
import {type BookPlan, planBook} from './build-book.ts'
import {chooseProvider, type ProviderChoice} from './build-settings.ts'
import {UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {hasErrors, type LoadedOutline} from './load-course.ts'
import {bookContext, type OpenBooks, openBooks, refuseUnbuildable} from './open-books.ts'
import type {Reporter} from './reporter.ts'
import {selectInBook, selectorInBook} from './select-in-book.ts'
import {showMessages} from './show-messages.ts'

/** A book of which some directives are selected. */
export interface SelectedBook {
  readonly loaded: LoadedOutline
  readonly manifest: Manifest | undefined
  readonly choice: ProviderChoice
  /** The book as it stands. */
  readonly plan: BookPlan
  readonly ids: ReadonlySet<JobId>
  /** By selector. */
  readonly bySelector: ReadonlyMap<string, ReadonlySet<JobId>>
  /** Those that an id or a line names, which alone may be overwritten. */
  readonly named: ReadonlySet<JobId>
}

/** Books with the directives that selectors name. */
export interface Selection {
  readonly open: OpenBooks
  readonly books: readonly SelectedBook[]
}

/** What a command does with what is selected: `model` sends requests, `stored` takes what the store has, `none` neither. */
export type SelectionUse = 'model' | 'stored' | 'none'

/** Opens the project's books and finds the directives that the selectors name. */
export async function selectAgain(
  selectors: readonly string[],
  flags: AgainFlags,
  options: GlobalOptions,
  reporter: Reporter,
  use: SelectionUse,
): Promise<Selection> {
  const open = await openBooks(flags.outline ?? [], {...options, ...(flags.out === undefined ? {} : {out: flags.out})})
  const faulty = open.files.filter((file) => hasErrors([file]))
  await showMessages(faulty, reporter, options)
  refuseUnbuildable(open, options.cwd)
  const books: SelectedBook[] = []
  for (const loaded of open.books) {
    const {name} = loaded.target
    const own = selectors.filter((selector) => selectorInBook(selector, open.books, name) !== undefined)
    const isReader = loaded.reads.some(({target}) => books.some((book) => book.loaded.target.name === target.name))
    if (own.length === 0 && !(flags.withDownstream === true && isReader)) continue
    const manifest = await readManifest(loaded.target.outputFolder)
    refuseForeignOutput(loaded, manifest, options.cwd)
    const choice = chooseFor(use, flags, open, manifest, options)
    const plan = await planBook(bookContext(open, loaded, choice, choice.name === 'openai'))
    const bySelector = new Map(own.map((selector) => [selector, selectInBook(selector, open.books, plan)]))
    const named = new Set<JobId>()
    for (const selector of own) {
      const bare = selectorInBook(selector, open.books, name) ?? selector
      const isName = bare.startsWith('line:') || loaded.plan.jobs.has(bare as JobId)
      if (isName) for (const id of bySelector.get(selector) ?? []) named.add(id)
    }
    const ids = new Set([...bySelector.values()].flatMap((found) => [...found]))
    books.push({loaded, manifest, choice, plan, ids, bySelector, named})
  }
  return {open, books}
}

/** How the command line names a directive of a book: with `BOOK:` before its id where there are several. */
export function selectorOf(id: JobId, {loaded}: SelectedBook, {open}: Selection): string {
  return open.isOnlyBook ? id : `${loaded.target.name}:${id}`
}

function chooseFor(
  use: SelectionUse,
  flags: AgainFlags,
  open: OpenBooks,
  manifest: Manifest | undefined,
  {cwd}: GlobalOptions,
): ProviderChoice {
  const {record} = manifest ?? {}
  if (use === 'model') return chooseProvider(flags, open.config, record, process.env, cwd)
  // Nothing is sent: no key is read, and the last build says whether its texts are a model's.
  const {OPENAI_API_KEY: _, ...env} = process.env
  const {keyFile: __, ...others} = flags
  const provider = flags.provider ?? (use === 'stored' ? 'openai' : (record?.provider ?? 'draft'))
  return chooseProvider({...others, provider, offline: true}, open.config, record, env, cwd, false)
}

/** Refuses to go on without a model: what a draft is composed of does not change by composing it again. */
export function refuseDraft(books: readonly SelectedBook[], command: string): void {
  if (books.every(({choice}) => choice.name === 'openai')) return
  throw new UsageError(
    'no-model',
    `Cannot ${command} without a model, expected --model, --base-url or --provider openai, or a provider in the config; \`msk-course build\` composes drafts from the sources`,
  )
}
