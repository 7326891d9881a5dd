import type {Point, Position} from 'unist'

/** Offsets of the line starts of a text; a line ends with LF, CRLF or CR. */
export class LineIndex {
  readonly starts: readonly number[]
  readonly text: string

  constructor(text: string) {
    this.text = text
    const starts = [0]
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === 10) starts.push(at + 1)
      else if (code === 13) {
        if (text.charCodeAt(at + 1) === 10) at++
        starts.push(at + 1)
      }
    }
    this.starts = starts
  }

  get count(): number {
    return this.starts.length
  }

  /** Number of the line, from 0, that holds `offset`. */
  lineAt(offset: number): number {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] as number) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Offset of the first character of `line`, counted from 0; the length of the text past its end. */
  start(line: number): number {
    return this.starts[line] ?? this.text.length
  }

  /** Offset after the last character of `line`, its line end left out. */
  end(line: number): number {
    let end = this.start(line + 1)
    if (line + 1 < this.starts.length) {
      if (this.text.charCodeAt(end - 1) === 10) end--
      if (end > this.start(line) && this.text.charCodeAt(end - 1) === 13) end--
    }
    return end
  }

  line(line: number): string {
    return this.text.slice(this.start(line), this.end(line))
  }

  point(offset: number): Point {
    const line = this.lineAt(offset)
    return {line: line + 1, column: offset - this.start(line) + 1, offset}
  }

  position(start: number, end: number): Position {
    return {start: this.point(start), end: this.point(end)}
  }
}
