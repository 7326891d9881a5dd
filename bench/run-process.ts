import {type ChildProcess, spawn} from 'node:child_process'
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'

/** A Node process from spawn to exit. */
export interface ProcessRun {
  readonly seconds: number
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /**
   * Peak of memory and processor time of all threads; of several processes, which it may start, the sums. Undefined unless
   * `measuresUsage` was set.
   */
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
  const measured = options.measuresUsage === true
  const usageFolder = measured ? mkdtempSync(join(options.cwd, '.bench-usage-')) : ''
  const usage = {NODE_OPTIONS: `--import=${usageModule}`, BENCH_USAGE_FOLDER: usageFolder}
  const environment = {...plainEnvironment(options.cwd), ...(measured ? usage : {})}
  const startMs = performance.now()
  const child = spawn(process.execPath, args, {
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
  return {seconds, exitCode, ...texts, ...(measured ? {usage: readUsage(usageFolder)} : {})}
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

function readUsage(folder: string): {peakMib: number; cpuSeconds: number} {
  const files = readdirSync(folder)
  if (files.length === 0)
    throw new Error(`Cannot measure memory, expected the process to write into \`${folder}\` at its exit`)
  const sum = {peakMib: 0, cpuSeconds: 0}
  for (const name of files) {
    const usage = JSON.parse(readFileSync(join(folder, name), 'utf8')) as NodeJS.ResourceUsage
    sum.peakMib += usage.maxRSS / 1024
    sum.cpuSeconds += (usage.userCPUTime + usage.systemCPUTime) / 1e6
  }
  rmSync(folder, {recursive: true})
  return sum
}
