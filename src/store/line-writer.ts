import {writeSync} from 'node:fs'
import type {FileHandle} from 'node:fs/promises'
import {flushData, flushesAtOnce} from './flush.ts'

/**
 * Appends lines to a file and flushes them in groups: what is written while a flush is under way goes with the next.
 * Each line begins with a line end, so that a torn line before it spoils nothing.
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

  /** Flushes what is queued and closes the file. */
  async close(): Promise<void> {
    try {
      if (this.lines.length > 0) await this.flush()
      await this.running
    } finally {
      await this.file.close()
    }
  }

  /** One flush runs, one may wait: everybody who comes in between shares the one that waits. */
  private flush(): Promise<void> {
    if (this.running === undefined) {
      if (flushesAtOnce()) return this.writeAll()
      this.running = this.writeAll().finally(() => {
        this.running = undefined
      })
      return this.running
    }
    this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.next = undefined
        return this.flush()
      })
    return this.next
  }

  /** Writing takes microseconds, since the bytes go to the system's memory; flushing is what takes time. */
  private async writeAll(): Promise<void> {
    const bytes = Buffer.from(this.lines.map((line) => `\n${line}`).join(''), 'utf8')
    this.lines = []
    for (let at = 0; at < bytes.length; ) {
      const bytesWritten = writeSync(this.file.fd, bytes, at, bytes.length - at)
      if (bytesWritten === 0) throw new Error(`Cannot write: 0 of ${bytes.length - at} bytes were taken`)
      at += bytesWritten
    }
    await flushData(this.file.fd)
  }
}
