import {spawn} from 'node:child_process'
import {join} from 'node:path'
import {track} from './run-process.ts'
import type {ServerOptions, ServerStats} from './server-protocol.ts'

const script = join(import.meta.dirname, 'loopback-server.js')

/** A loopback server that runs in a process of its own. */
export class Loopback {
  private constructor(
    readonly options: ServerOptions,
    private readonly origin: string,
  ) {}

  /** Starts a server; it has a port of its own. */
  static async start(options: ServerOptions): Promise<Loopback> {
    const child = spawn(process.execPath, [script, JSON.stringify(options)], {stdio: ['pipe', 'pipe', 'inherit']})
    track(child)
    const port = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`Cannot start the loopback server, it ended with ${code}`)))
      child.stdout.once('data', (line: Buffer) => resolve(Number(line.toString('utf8'))))
    })
    return new Loopback(options, `http://127.0.0.1:${port}`)
  }

  get baseUrl(): string {
    return `${this.origin}/v1`
  }

  /** Full buckets and no counts, as before the first request. */
  async reset(): Promise<void> {
    await fetch(`${this.origin}/reset`)
  }

  /** What was seen since the last reset. */
  async stats(): Promise<ServerStats> {
    const response = await fetch(`${this.origin}/stats`)
    return (await response.json()) as ServerStats
  }
}
