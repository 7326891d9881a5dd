import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Skipped} from './format-report.ts'
import {Loopback} from './loopback.ts'
import {makeOutline, promptsOf} from './made-outline.ts'
import {endProcesses, type ProcessOptions, type ProcessRun, runProcess} from './run-process.ts'
import type {ServerOptions} from './server-protocol.ts'

/** The compiled program, seen from the compiled bench. */
const program = join(import.meta.dirname, '..', '..', 'bin', 'msk-course.js')
const plainScript = join(import.meta.dirname, 'plain-script.js')

export interface BenchOptions {
  /** Runs of each thing, from 1. */
  readonly runs: number
  /** Whether what takes many minutes is measured too. */
  readonly large: boolean
  /** The outline of the cells that compare. */
  readonly outline: string
}

/** A project of one outline in a folder of its own. */
export interface Course {
  readonly folder: string
  readonly directives: number
}

/** Rules of contracts whose failures would end a build with exit code 1. */
const contractErrors = [
  'link-count',
  'missing-answers',
  'missing-code',
  'missing-inline-code',
  'missing-list',
  'missing-table',
  'missing-term',
  'placeholder-text',
  'question-count',
  'several-paragraphs',
  'truncated-text',
  'unknown-answer',
]

/**
 * The made answers hold nothing of what prompts ask for: each would be asked for again, which the plain script never does,
 * and every build would fail. All contracts are derived and checked all the same.
 */
const courseConfig = `model: bench\nrepairs: 0\nrules: {${contractErrors.map((ruleId) => `${ruleId}: warning`).join(', ')}}\n`

/** What the cells share: folders, servers and processes, which end with it. */
export class Bench {
  /** What could not be measured, and why. */
  readonly skipped: Skipped[] = []
  readonly prompts: readonly string[]
  private readonly root = mkdtempSync(join(tmpdir(), 'msk-course-bench-'))
  private readonly promptsFile = join(this.root, 'prompts.json')
  private readonly servers = new Map<string, Loopback>()
  private readonly built = new Map<number, Course>()
  private folders = 0

  constructor(readonly options: BenchOptions) {
    this.prompts = promptsOf(options.outline)
    writeFileSync(this.promptsFile, JSON.stringify(this.prompts))
  }

  /** The server that answers so; started once. */
  async server(options: ServerOptions): Promise<Loopback> {
    const key = JSON.stringify(options)
    const known = this.servers.get(key)
    if (known !== undefined) return known
    const server = await Loopback.start(options)
    this.servers.set(key, server)
    return server
  }

  /** A course without texts, of the compared outline or of a made one with so many directives. */
  newCourse(directives?: number): Course {
    const outline = directives === undefined ? this.options.outline : makeOutline(directives)
    const folder = join(this.root, `course-${++this.folders}`)
    mkdirSync(join(folder, 'outline'), {recursive: true})
    writeFileSync(join(folder, 'msk-course.yaml'), courseConfig)
    writeFileSync(join(folder, 'outline', 'course.md'), outline)
    return {folder, directives: directives ?? this.prompts.length}
  }

  /**
   * Removes a large course. Others stay until the end: on ext4 whoever creates files just after thousands were removed
   * looks for minutes past their entries, half a second of processor time for a build.
   */
  removeCourse({folder}: Course): void {
    rmSync(folder, {recursive: true, force: true})
  }

  /** A course that was built whole from the server that answers at once; made once for each number of directives. */
  async builtCourse(directives: number): Promise<Course> {
    const known = this.built.get(directives)
    if (known !== undefined) return known
    const course = this.newCourse(directives === this.prompts.length ? undefined : directives)
    succeeded(await this.build(course, await this.server({latencyMs: 0}), 16))
    this.keepBuilt(course)
    return course
  }

  /** Lets `builtCourse` give out a course that a cell has built. */
  keepBuilt(course: Course): void {
    this.built.set(course.directives, course)
  }

  /** `msk-course build` with so many requests at once. */
  build(
    course: Course,
    server: Loopback,
    concurrency: number,
    options: {readonly flags?: readonly string[]} & Omit<ProcessOptions, 'cwd'> = {},
  ): Promise<ProcessRun> {
    const {flags = [], ...rest} = options
    const target = ['--base-url', server.baseUrl, '--concurrency', String(concurrency)]
    return runProcess([program, 'build', ...target, ...flags], {cwd: course.folder, ...rest})
  }

  /** `msk-course` with any arguments, in a course's folder or in an empty one. */
  program(args: readonly string[], options: Partial<ProcessOptions> = {}): Promise<ProcessRun> {
    return runProcess([program, ...args], {cwd: this.root, ...options})
  }

  /** The plain `openai` and `p-limit` script over the same prompts. */
  plain(server: Loopback, concurrency: number, options: Omit<ProcessOptions, 'cwd'> = {}): Promise<ProcessRun> {
    return runProcess([plainScript, server.baseUrl, this.promptsFile, String(concurrency)], {
      cwd: this.root,
      ...options,
    })
  }

  /** `node -e 0`: what no Node program can be faster than. */
  nothing(options: Omit<ProcessOptions, 'cwd'> = {}): Promise<ProcessRun> {
    return runProcess(['-e', '0'], {cwd: this.root, ...options})
  }

  /** Ends processes and removes folders; needs no event loop, so that it also serves a signal. */
  dispose(): void {
    endProcesses()
    rmSync(this.root, {recursive: true, force: true, maxRetries: 3})
  }
}

/** The run itself, when it ended well; throws with what it printed otherwise. */
export function succeeded(run: ProcessRun): ProcessRun {
  if (run.exitCode === 0) return run
  throw new Error(`Unexpected exit code ${run.exitCode} of a measured process, expected 0:\n${run.stderr.slice(-2000)}`)
}
