import type {JobId} from '../model/job.ts'
import {type JobFacts, nearestSelectors, selectJobs} from '../plan/select-jobs.ts'
import type {BookPlan} from './build-book.ts'
import {UsageError} from './exit-codes.ts'
import type {LoadedOutline} from './load-course.ts'
import type {BookTarget} from './project.ts'
import {reviewStateOf} from './review-state.ts'

const dayMs = 86_400_000

/**
 * A selector without the `BOOK:` before it, which names one of `books`; undefined where it names another one than
 * `name`. Where there are several books it is a usage error to name none.
 */
export function selectorInBook(
  selector: string,
  books: readonly {readonly target: Pick<BookTarget, 'name'>}[],
  name: string,
): string | undefined {
  const names = books.map(({target}) => target.name)
  const prefix = names.find((other) => selector.startsWith(`${other}:`))
  if (prefix !== undefined) return prefix === name ? selector.slice(prefix.length + 1) : undefined
  if (books.length <= 1) return selector
  throw new UsageError(
    'ambiguous-selector',
    `Unexpected selector \`${selector}\` for ${names.length} books, expected \`BOOK:${selector}\` with one of ${names.join(', ')}`,
  )
}

/**
 * Directives of a book that a selector names, what the section files say included. A `BOOK:` before it names one of
 * `books`; for any other book nothing is selected. A selector that matches nothing is a usage error with the nearest ids.
 */
export function selectInBook(selector: string, books: readonly LoadedOutline[], book: BookPlan): Set<JobId> {
  const {loaded} = book.context
  const own = selectorInBook(selector, books, loaded.target.name)
  if (own === undefined) return new Set()
  const ids = selectJobs(own, loaded.plan, (id) => factsOf(id, book))
  if (ids.length > 0) return new Set(ids)
  const nearest = nearestSelectors(own, loaded.plan)
  const hint =
    nearest.length === 0
      ? '`msk-course list` shows all ids'
      : `the nearest are ${nearest.map((id) => `\`${id}\``).join(', ')}`
  throw new UsageError(
    'no-match',
    `Unexpected selector \`${selector}\`, expected one that matches a directive; ${hint}`,
  )
}

function factsOf(id: JobId, {texts, judged}: BookPlan): JobFacts {
  const text = texts.get(id)
  const record = text?.file.record
  return {
    state: judged.get(id)?.state ?? 'missing',
    isEdited: text?.isEdited ?? false,
    isDraft: text?.isDraft ?? false,
    ...(record === undefined
      ? {}
      : {model: record.model, ageDays: (Date.now() - Date.parse(record.generated)) / dayMs}),
    ...(text === undefined ? {} : {text: text.file.body}),
    // Asked for by few selectors, and it may take a look at a text's Markdown.
    get isRead() {
      return text === undefined ? undefined : reviewStateOf(text.file) === 'read'
    },
  }
}
