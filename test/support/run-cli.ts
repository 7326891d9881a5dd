import {type ChildProcess, spawn} from 'node:child_process'
import {join} from 'node:path'

const binary = join(import.meta.dirname, '..', '..', 'bin', 'msk-course.js')

export interface CliResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly cwd: string
  readonly env?: Record<string, string>
  /** File that starts another version of the program; default the one that was built. */
  readonly program?: string
  /** A command and its arguments that start the program, such as `strace …`; killed with it at `limitMs`. */
  readonly wrap?: readonly string[]
  /** Milliseconds after which the program is killed; default none. */
  readonly limitMs?: number
  /** Called when the process runs, to send it signals. */
  onStart?(child: ChildProcess): void
}

/** Runs the compiled program as a user would, without a terminal, a key or a config from the surroundings. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: options.cwd,
    NO_COLOR: '1',
    // Without these Windows opens no socket.
    ...(process.platform === 'win32' ? {SystemRoot: process.env.SystemRoot, TEMP: process.env.TEMP} : {}),
    ...options.env,
  }
  const [command = process.execPath, ...words] = [
    ...(options.wrap ?? []),
    process.execPath,
    options.program ?? binary,
    ...args,
  ]
  // A group of its own, so that what a wrapper started can be ended with it.
  const detached = options.wrap !== undefined
  const child = spawn(command, words, {cwd: options.cwd, env, detached, stdio: ['ignore', 'pipe', 'pipe']})
  const killAll = (): boolean => process.kill(detached ? -(child.pid as number) : (child.pid as number), 'SIGKILL')
  const limit = options.limitMs === undefined ? undefined : setTimeout(killAll, options.limitMs)
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  options.onStart?.(child)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      resolve({code, signal, stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(err).toString('utf8')})
    })
  })
}
