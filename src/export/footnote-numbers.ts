import type {UniqueIds} from './unique-ids.ts'

/** How a footnote is called in a chapter. */
export interface FootnoteCall {
  readonly id: string
  readonly number: number
  readonly bookNumber: number
}

/** Numbers footnotes in the order of their calls, anew in each chapter and over the whole book. */
export class FootnoteNumbers {
  private calls = new Map<string, FootnoteCall>()
  private count = 0
  private last = 0

  constructor(private readonly ids: UniqueIds) {}

  /** Begins a chapter. */
  beginChapter(): void {
    this.calls = new Map()
  }

  /** The call of a footnote in this chapter; the same for each further one. */
  call(label: string): FootnoteCall {
    const known = this.calls.get(label)
    if (known !== undefined) return known
    this.count++
    this.last = this.ids.takeNumber(this.last + 1, (number) => [`fn-${number}`, `fnref-${number}`])
    const call = {id: `fn-${this.last}`, number: this.calls.size + 1, bookNumber: this.count}
    this.calls.set(label, call)
    return call
  }

  /** Labels that this chapter has called from the one at `from` on, in order. */
  called(from: number): [string, FootnoteCall][] {
    return [...this.calls].slice(from)
  }
}
