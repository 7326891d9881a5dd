import type {Tag} from './tag-scanner.ts'

/**
 * Follows the code spans and comments of a paragraph, so that a tag inside one is known to be text.
 * It only moves forward; each character is looked at a bounded number of times.
 */
export class InlineScanner {
  /** Everything before it has been read. */
  position = 0
  private paragraphEnd = -1
  /** Lengths of backtick runs that have no partner in the rest of the paragraph. */
  private unpaired = new Set<number>()

  constructor(private readonly text: string) {}

  enterParagraph(start: number): void {
    if (start > this.position) this.position = start
  }

  moveTo(offset: number): void {
    this.position = Math.max(this.position, offset)
  }

  /** Whether `tag` is text: inside a code span that it does not begin, or alone in one, or inside a comment. */
  isHidden(tag: Tag): boolean {
    if (tag.start < this.position) return true
    const from = this.position
    for (const match of this.text.slice(from, tag.start).matchAll(/\\[\\`]|\\$|`+|<!--/g)) {
      const start = from + match.index
      if (start < this.position) continue
      const end = this.skip(match[0], start, tag)
      if (end === undefined) return false
      this.position = end
      if (end > tag.start) return true
    }
    return false
  }

  /** Offset after the construct that begins at `start`; undefined where it is the delimiter of `tag`. */
  private skip(token: string, start: number, tag: Tag): number | undefined {
    const afterToken = start + token.length
    if (token === '\\') return tag.start + 1
    if (token[0] === '\\') return afterToken
    if (token === '<!--') {
      const close = this.text.slice(afterToken, this.endOfParagraph(start)).indexOf('-->')
      return close === -1 ? afterToken : afterToken + close + 3
    }
    const hugs = /^["“”'‘’„]*$/.test(this.text.slice(afterToken, tag.start))
    if (hugs) {
      const pair =
        tag.type === 'open'
          ? /^(?:<\/[\w-]+>)?(`+)/.exec(this.text.slice(tag.end, tag.end + 64))
          : /^(`+)/.exec(this.text.slice(tag.end, tag.end + 16))
      const isNamed = afterToken === tag.start && pair?.[1]?.length === token.length
      return isNamed ? tag.end + (pair?.[0].length ?? 0) : undefined
    }
    return this.endOfCodeSpan(token.length, afterToken) ?? afterToken
  }

  private endOfCodeSpan(length: number, from: number): number | undefined {
    const end = this.endOfParagraph(from)
    if (this.unpaired.has(length)) return undefined
    for (const match of this.text.slice(from, end).matchAll(/`+/g)) {
      if (match[0].length === length) return from + match.index + length
    }
    this.unpaired.add(length)
    return undefined
  }

  private endOfParagraph(from: number): number {
    if (from < this.paragraphEnd) return this.paragraphEnd
    const blank =
      /(?:\r\n|\n|\r(?!\n))[ \t]*(?:\r\n|\n|\r)|(?:\r\n|\n|\r)[ \t]*(?:[-*+]|\d{1,9}[.)]|#{1,6}|`{3}|~{3})[ \t]/g
    blank.lastIndex = from
    this.paragraphEnd = blank.exec(this.text)?.index ?? this.text.length
    this.unpaired = new Set()
    return this.paragraphEnd
  }
}
