import {existsSync} from 'node:fs'
import {Worker} from 'node:worker_threads'
import {type FileWriter, type KeptText, ownThread} from './file-writer.ts'

/** What the thread is to do. */
export type FileTask =
  | {readonly number: number; readonly type: 'write'; readonly path: string; readonly data: string}
  | {readonly number: number; readonly type: 'keep'; readonly text: KeptText}

/** How a task came out; `fault` is absent when all is on disk. */
export interface FileReply {
  readonly number: number
  readonly fault?: {readonly message: string; readonly facts: Partial<NodeJS.ErrnoException>}
}

/** Characters that are handed to another thread: it takes a copy of them, and a whole book of thousands of texts is large. */
const mostHandedOver = 2_000_000

/** Does a task in the thread that asks. */
export function doFileTask(task: FileTask): Promise<void> {
  return task.type === 'write' ? ownThread.write(task.path, task.data) : ownThread.keep(task.text)
}

interface Waiting {
  readonly task: FileTask
  resolve(): void
  reject(error: unknown): void
}

/**
 * Writes files in a thread of its own: creating a file waits for the disk while another is being flushed, and answers
 * that arrive meanwhile would wait too. It keeps the process alive until it is closed.
 */
export class FileThread implements FileWriter {
  private readonly waiting = new Map<number, Waiting>()
  private count = 0
  private isGone = false
  private whenIdle: (() => void) | undefined

  private constructor(private readonly worker: Worker) {
    worker.on('message', (reply: FileReply) => this.settle(reply))
    worker.on('error', () => this.takeOver())
    worker.on('exit', () => this.takeOver())
  }

  /**
   * Starts the thread from its compiled entrance; where the program is not compiled, files are written in the thread that
   * asks.
   */
  static start(entrance = ownEntrance()): FileWriter {
    const isThere = entrance.protocol !== 'file:' || existsSync(entrance)
    return isThere ? new FileThread(new Worker(entrance)) : ownThread
  }

  write(path: string, data: string): Promise<void> {
    if (data.length > mostHandedOver) return ownThread.write(path, data)
    return this.ask({number: ++this.count, type: 'write', path, data})
  }

  keep(text: KeptText): Promise<void> {
    return this.ask({number: ++this.count, type: 'keep', text})
  }

  async close(): Promise<void> {
    if (this.waiting.size > 0) {
      await new Promise<void>((resolve) => {
        this.whenIdle = resolve
      })
    }
    this.isGone = true
    // Nobody waits for the thread's own end, which takes longer than most files.
    void this.worker.terminate()
  }

  private ask(task: FileTask): Promise<void> {
    if (this.isGone) return doFileTask(task)
    return new Promise((resolve, reject) => {
      this.waiting.set(task.number, {task, resolve, reject})
      this.worker.postMessage(task)
    })
  }

  private settle({number, fault}: FileReply): void {
    const waiting = this.waiting.get(number)
    if (waiting === undefined) return
    if (fault === undefined) waiting.resolve()
    else waiting.reject(Object.assign(new Error(fault.message), fault.facts))
    this.forget(number)
  }

  /** Does here what a thread that ended left: a task that was done already may be done twice. */
  private takeOver(): void {
    if (this.isGone) return
    this.isGone = true
    for (const [number, {task, resolve, reject}] of this.waiting) {
      void doFileTask(task)
        .then(resolve, reject)
        .finally(() => this.forget(number))
    }
  }

  private forget(number: number): void {
    this.waiting.delete(number)
    if (this.waiting.size === 0) this.whenIdle?.()
  }
}

function ownEntrance(): URL {
  // Not a literal, which a bundler would take for a file of its own making.
  const name = 'file-worker'
  return new URL(`./${name}.js`, import.meta.url)
}
