import type {ContentAddress} from '../model/content-address.ts'
import type {StoredText} from './sent-request.ts'

/** A completion as a journal holds it: all that its files in the store are made of. */
export interface JournalledText {
  readonly request: ContentAddress
  readonly text: string
  /** Its line in the request's list. */
  readonly line: string
  /** Messages that the line names and that the store may not have. */
  readonly messages: readonly StoredText[]
}

/** Has what arrives on disk at once, all in one file, until the store has it in files of its own. */
export interface CompletionJournal {
  /** Resolves with a number for the text when it is on disk. */
  keep(text: JournalledText): Promise<number>
  /** The text is in the store's own files: the journal need not hold it any more. */
  filed(number: number): void
}
