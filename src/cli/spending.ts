import {join} from 'node:path'
import {requestAddress} from '../model/request.ts'
import {CompletionStore} from '../store/completion-store.ts'
import {askYes, canAsk} from './ask.ts'
import {planRequest} from './build-book.ts'
import {countSpending} from './build-report.ts'
import type {SpendingFlags} from './build-settings.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import type {PlannedBook} from './planned-book.ts'
import type {Reporter} from './reporter.ts'

/** More requests than this to another machine are shown and asked for first, on a terminal. */
const fewRequests = 5

/** Whether this run may spend what it would (contract, C2); asks on a terminal. */
export async function askConsent(
  books: readonly PlannedBook[],
  flags: SpendingFlags,
  reporter: Reporter,
): Promise<'yes' | 'no' | 'interrupted'> {
  const paid = books.filter(({choice}) => choice.name === 'openai')
  if (flags.yes || paid.length === 0) return 'yes'
  const replaced = paid.map(({plan}) => countSpending([plan])).find((own) => own.replaced > own.texts / 2)
  if (!canAsk()) {
    if (replaced === undefined) return 'yes'
    throw new UsageError(
      'needs-yes',
      `Unexpected build that would replace ${replaced.replaced} of ${replaced.texts} texts of a book, expected --yes to confirm it`,
    )
  }
  const asked = replaced === undefined ? paid.filter(({choice}) => !choice.isLoopback) : paid
  const stored = await countStored(asked)
  const spending = countSpending(asked.map(({plan}) => plan))
  const requests = spending.requests - stored
  if (requests <= (replaced === undefined ? fewRequests : 0)) return 'yes'
  reporter.info(spendingLines(spending, asked[0]?.choice.model ?? '', stored).join('\n'))
  return askYes(`Send ${requests} requests to ${asked[0]?.choice.endpoint}?`)
}

/** How many of the texts to be made are in the store already. */
async function countStored(books: readonly PlannedBook[]): Promise<number> {
  let count = 0
  for (const {loaded, plan} of books) {
    const store = new CompletionStore(join(loaded.target.root, '.msk-course', 'store'))
    for (const id of plan.make) {
      const job = loaded.plan.jobs.get(id)
      if (job !== undefined && (await store.find(requestAddress(planRequest(job, plan)))) !== undefined) count++
    }
  }
  return count
}

function spendingLines(spending: ReturnType<typeof countSpending>, model: string, stored: number): string[] {
  return [
    `${spending.requests - stored} requests${stored > 0 ? ` (${stored} more are in the store)` : ''} to \`${model}\`, about ${spending.words} words (${spending.pages} pages) to come`,
    `about ${spending.inputTokens} input and ${spending.outputTokens} output tokens; the price is unknown`,
  ]
}

export async function showDryRun(
  books: readonly PlannedBook[],
  reporter: Reporter,
  options: GlobalOptions,
): Promise<number> {
  const stored = new Map<PlannedBook, number>()
  for (const book of books) stored.set(book, book.choice.name === 'openai' ? await countStored([book]) : 0)
  const rows = books
    .map((book) => ({...book, own: countSpending([book.plan])}))
    .map(({loaded, choice, plan, own}, at) => ({
      name: loaded.target.name,
      provider: choice.name,
      model: choice.name === 'draft' ? null : choice.model,
      make: [...plan.make],
      stored: stored.get(books[at] as PlannedBook) ?? 0,
      ...own,
    }))
  if (options.json) reporter.json({version: 1, command: 'build', dryRun: true, books: rows})
  else {
    for (const row of rows) {
      reporter.result(
        `${row.name}: ${row.make.length} of ${row.total} sections would be written by ${row.provider}${row.model === null ? '' : ` (${row.model})`}${row.stored > 0 ? `, ${row.stored} of them from the store` : ''}`,
      )
      if (row.provider === 'openai')
        reporter.result(
          `  about ${row.words} words, ${row.inputTokens} input and ${row.outputTokens} output tokens; the price is unknown`,
        )
    }
  }
  return exitCode.clean
}
