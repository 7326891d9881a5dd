import {mkdir, open} from 'node:fs/promises'
import {join} from 'node:path'
import type {ContentAddress} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import type {CompletionJournal, JournalledText} from './completion-journal.ts'
import {LineWriter} from './line-writer.ts'
import type {LockHolder} from './output-lock.ts'
import {removeFile} from './remove-file.ts'

/** A request that left, or was about to. */
export interface LoggedIntent {
  readonly id: JobId
  readonly request: ContentAddress
  readonly model: string
  readonly attempt: number
  /** What it may have taken at most. */
  readonly inputTokens: number
  readonly outputTokens: number
}

type Ending = 'stored' | 'free' | 'billed' | 'in-doubt'

/** Characters after which the log goes on in a new file, without what is over and done. */
const charactersPerFile = 4 * 1024 * 1024

/**
 * The log of one run, `.msk-course/runs/TIME-PROCESS.jsonl`: each request before it leaves, each completion as it came,
 * and what became of both. It is removed when the run ends; one that is left over tells what a crash left in doubt, and
 * holds the completions that the store had no time to put into files of their own. A long run goes on in
 * `TIME-PROCESS.N.jsonl`.
 */
export class RunLog implements CompletionJournal {
  private writer: Promise<LineWriter> | undefined
  private readonly paths = new Set<string>()
  /** Files that the log had so far. */
  private parts = 0
  private count = 0
  /** Lines of what a new file has to begin with, by number: requests of which it is not known what came of them, … */
  private readonly open = new Map<number, string>()
  /** … completions that are in no file of their own, … */
  private readonly unfiled = new Map<number, string>()
  /** … and requests that were given up. */
  private readonly doubtful: string[] = []
  private written = 0
  private limit: number
  private rotating: Promise<void> | undefined

  /** `holder` is this process; `now` gives milliseconds since the epoch. */
  constructor(
    private readonly folder: string,
    private readonly holder: LockHolder,
    private readonly now: () => number,
    private readonly perFile = charactersPerFile,
  ) {
    this.limit = perFile
  }

  /** Notes a request that is about to leave; resolves when the note is on disk. */
  intend(intent: LoggedIntent): Promise<number> {
    return this.note(this.open, {type: 'intent', at: new Date(this.now()).toISOString(), ...intent})
  }

  /** Notes what came of a request; on disk with the next intent. */
  end(number: number, ending: Ending): void {
    const intent = this.open.get(number)
    this.open.delete(number)
    const line = JSON.stringify({type: 'end', number, ending})
    if (ending === 'in-doubt' && intent !== undefined) this.doubtful.push(intent, line)
    this.queue(line)
  }

  keep(text: JournalledText): Promise<number> {
    return this.note(this.unfiled, {type: 'text', ...text})
  }

  filed(number: number): void {
    this.unfiled.delete(number)
    this.queue(JSON.stringify({type: 'filed', number}))
  }

  /**
   * Ends the log and removes it. It stays, for the next build to tell, where completions came and could not be kept, or
   * not in files of their own, and where requests were given up (`hasGivenUp`).
   */
  async close(hasGivenUp: boolean): Promise<void> {
    await this.rotating
    const writer = await this.writer
    if (writer === undefined) return
    this.writer = undefined
    const hasNews = this.open.size > 0 || this.unfiled.size > 0 || (hasGivenUp && this.doubtful.length > 0)
    await writer.close(hasNews)
    if (hasNews) return
    for (const path of this.paths) removeFile(path)
  }

  /** Adds a line that stands for something open; resolves with its number when it is on disk. */
  private async note(among: Map<number, string>, entry: object): Promise<number> {
    const number = ++this.count
    const line = JSON.stringify({number, ...entry})
    among.set(number, line)
    try {
      const writer = await this.start()
      this.written += line.length
      const flushed = writer.write(line)
      if (this.written > this.limit) this.rotating ??= this.rotate()
      await flushed
    } catch (error) {
      among.delete(number)
      throw error
    }
    return number
  }

  /** Adds a line that goes to disk with the next. One that cannot be written is missed after a crash only, which then says too much. */
  private queue(line: string): void {
    void this.writer?.then(
      (writer) => writer.queue(line),
      () => undefined,
    )
  }

  /** Goes on in a new file that holds what is open; the old one is removed when that is on disk. */
  private async rotate(): Promise<void> {
    let left: LineWriter | undefined
    try {
      const old = (await this.writer) as LineWriter
      const next = await this.create()
      const lines = [...this.open.values(), ...this.unfiled.values(), ...this.doubtful]
      for (const line of lines) next.queue(line)
      this.writer = Promise.resolve(next)
      left = old
      this.written = lines.reduce((sum, {length}) => sum + length, 0)
      this.limit = this.written + this.perFile
      await next.flush()
      await old.close()
      left = undefined
      removeFile(old.path)
      this.paths.delete(old.path)
    } catch {
      await left?.close().catch(() => undefined)
      // Both files stay until the run ends, and together they tell what one would. The disk's fault meets the next note.
      this.limit += this.perFile
    } finally {
      this.rotating = undefined
    }
  }

  private start(): Promise<LineWriter> {
    this.writer ??= this.create().catch((error: unknown) => {
      this.writer = undefined
      throw error
    })
    return this.writer
  }

  private async create(): Promise<LineWriter> {
    await mkdir(this.folder, {recursive: true})
    const stamp = this.holder.since.replace(/[:.]/g, '-')
    const part = this.parts === 0 ? '' : `.${this.parts + 1}`
    const path = join(this.folder, `${stamp}-${this.holder.pid}${part}.jsonl`)
    const writer = new LineWriter(path, await open(path, 'ax', 0o600))
    this.parts++
    this.paths.add(path)
    writer.queue(JSON.stringify({type: 'run', holder: this.holder}))
    return writer
  }
}
