import {type ChildProcess, spawn} from 'node:child_process'
import {join} from 'node:path'

const binary = join(import.meta.dirname, '..', '..', 'bin', 'msk-course.js')

/** The compiled program while it runs: a test waits for what it says instead of for time. */
export class LiveCli {
  /** All that came on stderr so far. */
  said = ''
  private readonly child: ChildProcess
  private readonly ended: Promise<number | null>
  private hasEnded = false
  /** Where the text that was not waited for yet begins. */
  private from = 0
  private listeners: (() => void)[] = []

  constructor(args: readonly string[], cwd: string) {
    const env = {PATH: process.env.PATH, HOME: cwd, NO_COLOR: '1'}
    this.child = spawn(process.execPath, [binary, ...args], {cwd, env, stdio: ['ignore', 'pipe', 'pipe']})
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.said += chunk.toString('utf8')
      this.tell()
    })
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code) => {
        this.hasEnded = true
        this.tell()
        resolve(code)
      })
    })
  }

  /** Waits for a line that matches, after the last one that was waited for. Gives it and the lines passed over. */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const fresh = this.said.slice(this.from)
      const lines = fresh.slice(0, fresh.lastIndexOf('\n') + 1).split(/(?<=\n)/)
      const at = lines.findIndex((line) => pattern.test(line))
      if (at !== -1) {
        const passed = lines.slice(0, at + 1).join('')
        this.from += passed.length
        return passed
      }
      if (this.hasEnded) throw new Error(`The program ended without a line like ${pattern}; it said:\n${this.said}`)
      await new Promise<void>((resolve) => this.listeners.push(resolve))
    }
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name)
  }

  /** The exit code, once it ends; null where a signal ended it. */
  async end(): Promise<number | null> {
    return this.ended
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.ended
  }

  private tell(): void {
    const listeners = this.listeners
    this.listeners = []
    for (const listener of listeners) listener()
  }
}
