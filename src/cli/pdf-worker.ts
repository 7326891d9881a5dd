import {type ChildProcess, fork} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import type {PdfResult} from '../export/make-pdf.ts'
import {UsageError} from './exit-codes.ts'
import type {PdfTask} from './pdf-process.ts'

/** A process of its own that makes one PDF; as long as it has nothing to make it ends with the program. */
export class PdfWorker {
  private readonly child: ChildProcess
  private readonly result: Promise<PdfResult>
  private said = ''
  private lateAfter: number | undefined

  /** Starts the process, which reads the files of fonts that it most likely needs. */
  constructor(fonts: readonly string[]) {
    // Not a literal, which a bundler would take for a file of its own making.
    const name = 'pdf-process'
    this.child = fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), fonts, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said = `${this.said}${text}`.slice(-2000)
    })
    this.result = new Promise<PdfResult>((resolve, reject) => {
      this.child.once('message', (result) => resolve(result as PdfResult))
      this.child.once('error', reject)
      this.child.once('close', (code, signal) =>
        reject(new UsageError('no-pdf', `Cannot typeset the book: ${this.lastWords(code, signal)}`)),
      )
    })
    // It may fail before anybody asks.
    this.result.catch(() => {})
    this.holdProgram(false)
  }

  /** Makes the PDF; the process is ended after `seconds`. Fails with the last words of a process that gave none. */
  async make(task: PdfTask, seconds: number): Promise<PdfResult> {
    this.holdProgram(true)
    const timer = setTimeout(() => {
      this.lateAfter = seconds
      this.child.kill('SIGKILL')
    }, seconds * 1000)
    try {
      // A process that has ended says so itself.
      this.child.send(task, () => {})
      return await this.result
    } finally {
      clearTimeout(timer)
    }
  }

  private holdProgram(isHeld: boolean): void {
    const {stderr, channel} = this.child
    for (const handle of [this.child, stderr as {ref?(): void; unref?(): void} | null, channel])
      isHeld ? handle?.ref?.() : handle?.unref?.()
  }

  private lastWords(code: number | null, signal: string | null): string {
    if (this.lateAfter !== undefined) return `it took more than ${this.lateAfter} seconds`
    const error = /^(?:\w*Error: .*|thread .*panicked.*)$/m.exec(this.said)?.[0]?.replace(/^Error: /, '')
    return error ?? `the process ended with ${signal ?? `code ${code}`}`
  }
}
