import type {Job, JobId, Plan} from './job.ts'

/** A directive of another book of the project that a job reads. */
export interface OtherJob {
  /** Name of its book. */
  readonly book: string
  readonly job: Job
}

/** The books of a project as the plan of one of them sees them. */
export interface OtherBooks {
  /** Name of the book that is planned. */
  readonly own: string
  /** Names of all books of the project. */
  readonly names: readonly string[]
  /** Plans of the books that its directives name. */
  readonly plans: ReadonlyMap<string, Plan>
  /** For books that read the planned one in their turn, the names from it to itself. */
  readonly cycles: ReadonlyMap<string, readonly string[]>
}

/** Id under which a directive of another book is read: `BOOK:ID`. No id of a book's own holds a colon. */
export function otherBookId(book: string, id: JobId): JobId {
  return `${book}:${id}` as JobId
}

/** Whether an id is that of another book's directive. */
export function isOfOtherBook(id: string): boolean {
  return id.includes(':')
}

/** What names a book before a selector; undefined where nothing does, as in `kind:quiz`. */
export function bookPrefix(selector: string): string | undefined {
  const prefix = /^[^:"*]+(?=:)/.exec(selector)?.[0]
  return prefix === undefined || selectorKeys.includes(prefix) ? undefined : prefix
}

/** What a selector may ask for with `KEY:`. */
export const selectorKeys: readonly string[] = ['line', 'kind', 'tag', 'state', 'model', 'source', 'text', 'older']
