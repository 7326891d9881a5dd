import type {JobId} from '../model/job.ts'
import type {BookText} from './book-texts.ts'

/**
 * The texts of a book by directive. Looked up by `BOOK:ID`, it also gives those that the book reads of other books, which
 * are not among its entries: nothing moves, writes or counts them here.
 */
export class ReadableTexts extends Map<JobId, BookText> {
  private readonly others: ReadonlyMap<JobId, BookText>

  constructor(own: Iterable<readonly [JobId, BookText]>, others: ReadonlyMap<JobId, BookText>) {
    super(own)
    this.others = others
  }

  override get(id: JobId): BookText | undefined {
    return super.get(id) ?? this.others.get(id)
  }

  override has(id: JobId): boolean {
    return super.has(id) || this.others.has(id)
  }
}
