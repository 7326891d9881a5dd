import {writeSync} from 'node:fs'
import type {FileHandle} from 'node:fs/promises'
import {flushData} from './flush.ts'

/**
 * Appends lines to a file and flushes them in groups: what is written in one turn of the event loop, or while a flush is
 * under way, goes to disk with one flush. Each line begins with a line end, so that a torn line before it spoils nothing.
 */
export class LineWriter {
  private lines: string[] = []
  private running: Promise<void> | undefined
  private next: Promise<void> | undefined

  constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** Adds a line that goes to disk with the next one that is waited for. */
  queue(line: string): void {
    this.lines.push(line)
  }

  /** Adds a line; resolves when it is on disk. */
  write(line: string): Promise<void> {
    this.queue(line)
    return this.flush()
  }

  /** Resolves when all that was added is on disk. */
  flush(): Promise<void> {
    this.next ??= this.flushNext()
    return this.next
  }

  /** Writes what is queued and closes the file; flushes it where it stays, and need not where it is removed next. */
  async close(stays = true): Promise<void> {
    try {
      if (stays && this.lines.length > 0) await this.flush()
      await (this.next ?? this.running)
      this.writeLines()
    } finally {
      await this.file.close()
    }
  }

  /** One flush runs, one may wait: everybody who comes in between shares the one that waits. */
  private async flushNext(): Promise<void> {
    // Answers that arrive together and the requests that follow them come in one turn.
    await (this.running === undefined ? endOfTurn() : this.running.catch(() => undefined))
    this.next = undefined
    const running = this.writeAll().finally(() => {
      if (this.running === running) this.running = undefined
    })
    this.running = running
    await running
  }

  private async writeAll(): Promise<void> {
    this.writeLines()
    await flushData(this.file.fd)
  }

  /** Takes microseconds, since the bytes go to the system's memory; flushing is what takes time. */
  private writeLines(): void {
    if (this.lines.length === 0) return
    const bytes = Buffer.from(this.lines.map((line) => `\n${line}`).join(''), 'utf8')
    this.lines = []
    for (let at = 0; at < bytes.length; ) {
      const bytesWritten = writeSync(this.file.fd, bytes, at, bytes.length - at)
      if (bytesWritten === 0) throw new Error(`Cannot write: 0 of ${bytes.length - at} bytes were taken`)
      at += bytesWritten
    }
  }
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
