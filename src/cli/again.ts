import type {JobId} from '../model/job.ts'

/** What a command makes whatever its state: new texts for some directives. */
export interface Again {
  readonly ids: ReadonlySet<JobId>
  /** Edited texts among them that the new text replaces; the others are merged with it. */
  readonly overwrites: ReadonlySet<JobId>
  /**
   * Which completion of a request is taken: `new` asks past the store, `stored` takes what the store has, a map the one
   * of that number in the store's list, from 1.
   */
  readonly takes: 'new' | 'stored' | ReadonlyMap<JobId, number>
  /** So many completions of each request are to be in the store. */
  readonly candidates?: number
  /** What is to change in the present texts: these are then sent too. */
  readonly note?: string
  /** Completions are bought and kept in the store, and the book stays as it is. */
  readonly isTrial?: boolean
}
