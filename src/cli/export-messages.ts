import {VFile} from 'vfile'
import {type RelatedPlace, report} from '../model/report.ts'
import type {RuleId} from '../model/rules.ts'

/** The place in an outline or a section file that a line of a book is from. */
export interface SourcePlace {
  readonly file: string
  /** Content of the file. */
  readonly source: string
  /** From 1. */
  readonly line: number
  /** The directive whose text it is. */
  readonly related?: RelatedPlace
}

/** The messages of an export, each in the file whose author can mend it. */
export class ExportMessages {
  private readonly byPath = new Map<string, VFile>()

  /** `placeOf` says where a line of `book` is from; undefined for one that is in `book` alone. */
  constructor(
    private readonly book: VFile,
    private readonly placeOf: (line: number) => SourcePlace | undefined,
  ) {
    this.byPath.set(book.path, book)
  }

  /** Adds a message on a line of the book, or on the book as a whole. */
  report(ruleId: RuleId, reason: string, line?: number): void {
    const place = line === undefined ? undefined : this.placeOf(line)
    if (place === undefined) {
      report(this.book, ruleId, reason, line === undefined ? {} : {place: {line, column: 1}})
      return
    }
    const {file: path, source, related} = place
    const file = this.byPath.get(path) ?? new VFile({path, value: source})
    this.byPath.set(path, file)
    report(file, ruleId, reason, {place: {line: place.line, column: 1}, ...(related === undefined ? {} : {related})})
  }

  /** Adds a message on a file as a whole, by its path. */
  reportIn(path: string, ruleId: RuleId, reason: string): void {
    const file = this.byPath.get(path) ?? new VFile({path})
    this.byPath.set(path, file)
    report(file, ruleId, reason)
  }

  /** The files that have messages, in the order of their first ones; each with its messages by line. */
  files(): VFile[] {
    const files = [...this.byPath.values()].filter(({messages}) => messages.length > 0)
    for (const {messages} of files) messages.sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    return files
  }
}
