import {type ChildProcess, spawn} from 'node:child_process'
import {existsSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'

/** A Node process from spawn to exit. */
export interface ProcessRun {
  readonly seconds: number
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** Peak of memory and processor time of all threads; undefined unless `measuresUsage` was set. */
  readonly usage?: {readonly peakMib: number; readonly cpuSeconds: number}
}

export interface ProcessOptions {
  readonly cwd: string
  /** Loads a module into the process that reports its peak at exit, which costs a few milliseconds. */
  readonly measuresUsage?: boolean
  /** Gathers standard output, which is thrown away otherwise. */
  readonly keepsOutput?: boolean
}

const running = new Set<ChildProcess>()
const usageModule = pathToFileURL(join(import.meta.dirname, 'report-usage.js')).href

/** Runs Node with these arguments and waits for its end; no key and no config of the surroundings reach it. */
export async function runProcess(args: readonly string[], options: ProcessOptions): Promise<ProcessRun> {
  const usageFile = join(options.cwd, '.bench-usage.json')
  const measured = options.measuresUsage === true
  const all = measured ? ['--import', usageModule, ...args] : args
  const environment = {...plainEnvironment(options.cwd), ...(measured ? {BENCH_USAGE_FILE: usageFile} : {})}
  const startMs = performance.now()
  const child = spawn(process.execPath, all, {
    cwd: options.cwd,
    env: environment,
    stdio: ['ignore', options.keepsOutput === true ? 'pipe' : 'ignore', 'pipe'],
  })
  track(child)
  let seconds = 0
  child.once('exit', () => {
    seconds = (performance.now() - startMs) / 1000
  })
  const texts = {stdout: '', stderr: ''}
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] += chunk
    })
  }
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return {seconds, exitCode, ...texts, ...(measured ? {usage: readUsage(usageFile)} : {})}
}

/** Has `endProcesses` end a process too. */
export function track(child: ChildProcess): void {
  running.add(child)
  child.once('exit', () => running.delete(child))
}

/** Ends every process that the bench started and that still runs. */
export function endProcesses(): void {
  for (const child of running) child.kill('SIGKILL')
}

function plainEnvironment(home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: home,
    NO_COLOR: '1',
    // Without these Windows opens no socket.
    ...(process.platform === 'win32' ? {SystemRoot: process.env.SystemRoot, TEMP: process.env.TEMP} : {}),
  }
}

function readUsage(path: string): {peakMib: number; cpuSeconds: number} {
  if (!existsSync(path)) throw new Error(`Cannot measure memory, expected the process to write \`${path}\` at its exit`)
  const usage = JSON.parse(readFileSync(path, 'utf8')) as NodeJS.ResourceUsage
  rmSync(path)
  return {peakMib: usage.maxRSS / 1024, cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6}
}
