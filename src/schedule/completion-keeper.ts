import type {Completion} from '../model/completion.ts'
import type {ContentAddress} from '../model/content-address.ts'
import type {Request} from '../model/request.ts'

/** What the store has for a request: a completion, nothing, or one that was paid for and is damaged. */
export type StoredCompletion =
  | {
      readonly type: 'found'
      readonly completion: Completion
      /** Completions that were asked to mend it, oldest first. */
      readonly followUps?: readonly Completion[]
    }
  | {readonly type: 'none'}
  | {readonly type: 'lost'; readonly message: string}

/** Where paid completions are kept; `put` returns when the completion is on disk. */
export interface CompletionKeeper {
  /** A fault of the disk that asks for an end of the run, though all was kept so far. */
  readonly trouble?: unknown
  find(request: ContentAddress): Promise<StoredCompletion>
  /**
   * Returns when the completion is on disk. `request` is the one that brought it; absent for what was kept with its
   * request before.
   */
  put(completion: Completion, request?: Request): Promise<void>
}
