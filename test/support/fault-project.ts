import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {courseBook, courseOutline} from './fault-course.ts'
import {FaultServer, wellAnswered} from './fault-server.ts'
import {brokenPromises, canaryKey, doubtsReported, observeBefore} from './invariants.ts'
import {type CliOptions, type CliResult, runCli} from './run-cli.ts'
import {readStoredAnswers} from './stored-answers.ts'

/** The part of a build's JSON document that fault tests read. */
export interface BuildDocument {
  readonly books: readonly {
    readonly jobs: Record<string, number>
    readonly findings: readonly {
      readonly id: string
      readonly line: number
      readonly state: string
      readonly message: string
    }[]
  }[]
  readonly requests: {readonly sent: number; readonly retried: number; readonly rateLimited: number}
  readonly inDoubt?: {readonly requests: number; readonly costUsd: number | null}
  readonly usage: Record<string, number>
}

/** How a run went, with every promise that it broke. */
export interface FaultRun extends CliResult {
  /** Undefined when standard output holds no JSON document. */
  readonly document: BuildDocument | undefined
  readonly broken: readonly string[]
  readonly elapsedMs: number
}

export interface FaultRunOptions extends Partial<Pick<CliOptions, 'env' | 'wrap' | 'onStart'>> {
  readonly limitMs?: number
  /** `false` for a run without a key. */
  readonly key?: boolean
}

/** A course in a temporary folder and its own server, on which faults are tried. */
export class FaultProject {
  readonly doubted: string[] = []
  /** Editions that `book.md` may be of now. */
  editions: (string | undefined)[] = [undefined]
  edition = 'v1'

  constructor(
    /** Root of the project as this process sees it. */
    readonly root: string,
    readonly server: FaultServer,
    readonly count: number,
    /** Root as the program sees it. */
    readonly inside = root,
  ) {}

  /** A new course of `count` directives that was never built. */
  static async start(count: number, settings: Parameters<typeof FaultServer.start>[0] = {}): Promise<FaultProject> {
    const root = mkdtempSync(join(tmpdir(), 'msk-course-fault-'))
    const project = new FaultProject(root, await FaultServer.start(settings), count)
    // The server's port changes from run to run, and with it the address of every request.
    writeFileSync(join(root, 'msk-course.yaml'), 'identity: fault-server\n')
    project.word('v1')
    return project
  }

  /** A copy of this project in a folder of its own, with a server of its own. */
  async copy(into?: {readonly root: string; readonly inside: string}): Promise<FaultProject> {
    const root = into?.root ?? mkdtempSync(join(tmpdir(), 'msk-course-fault-'))
    cpSync(this.root, root, {recursive: true, preserveTimestamps: true})
    const copy = new FaultProject(root, await FaultServer.start(), this.count, into?.inside)
    copy.editions = [...this.editions]
    copy.edition = this.edition
    return copy
  }

  /** Gives the outline's prompts the wording of an edition; the book may be the old one or the new one from now on. */
  word(edition: string): void {
    writeFileSync(join(this.root, 'course.md'), courseOutline(this.count, edition))
    this.edition = edition
    if (!this.editions.includes(edition)) this.editions.push(edition)
  }

  /** Limits the output tokens of one directive in the outline. */
  limitTokens(id: string, tokens: number): void {
    const path = join(this.root, 'course.md')
    writeFileSync(path, readFileSync(path, 'utf8').replace(`id="${id}"`, `id="${id}" max-tokens="${tokens}"`))
  }

  /** Runs `build` and holds it to every promise. */
  async build(args: readonly string[] = [], options: FaultRunOptions = {}): Promise<FaultRun> {
    const before = observeBefore(this)
    const startMs = performance.now()
    const {key = true, env, ...rest} = options
    const result = await runCli(
      [
        ...['--cwd', this.inside, '--json', '--verbose'],
        ...['build', 'course.md', '--out', 'output/course', '--yes'],
        ...['--base-url', this.server.baseUrl, '--model', 'test-model', ...args],
      ],
      {
        cwd: tmpdir(),
        limitMs: 100_000,
        ...rest,
        env: {HOME: this.inside, ...(key ? {OPENAI_API_KEY: canaryKey} : {}), ...env},
      },
    )
    const elapsedMs = performance.now() - startMs
    this.doubted.push(...doubtsReported(result))
    // The server may learn a moment later that its client is gone.
    for (let tries = 0; this.server.openCount > 0 && tries < 50; tries++) await new Promise((go) => setTimeout(go, 10))
    const document = readDocument(result)
    return {
      ...result,
      elapsedMs,
      document: document === 'torn' ? undefined : document,
      broken: [
        ...brokenPromises(this, before, result),
        ...(document === 'torn' ? [`clear: stdout is not one JSON document: ${result.stdout.slice(0, 300)}`] : []),
      ],
    }
  }

  /**
   * One more build after the fault is gone. It must end well, give the book of an undisturbed build, ask for nothing
   * that was stored, and say which requests are in doubt. Gives what is not so.
   */
  async recover(
    options: {readonly inDoubt?: readonly string[]; readonly wrap?: readonly string[]} = {},
  ): Promise<string[]> {
    this.server.script = () => wellAnswered()
    this.server.latencyMs = () => 0
    const run = await this.build([], options.wrap === undefined ? {} : {wrap: options.wrap})
    if (this.book === courseBook(this.count, this.edition)) this.editions = [this.edition]
    const unsaid = (options.inDoubt ?? []).filter((id) => !doubtsReported(run).includes(id))
    return [
      ...run.broken,
      ...(run.code === 0 ? [] : [`recovery: the next build exits ${run.code}: ${run.stderr.slice(0, 1500)}`]),
      ...(this.book === courseBook(this.count, this.edition)
        ? []
        : [`recovery: the book is not that of an undisturbed build`]),
      ...(unsaid.length === 0 ? [] : [`doubt: the next build does not say that ${unsaid.join(', ')} are in doubt`]),
    ]
  }

  /** Prompts whose fate the program cannot know after it was killed: asked for, and neither stored nor refused. */
  get inDoubt(): string[] {
    const {kept} = readStoredAnswers(this.root)
    const last = new Map(this.server.exchanges.map((exchange) => [`${exchange.id} ${exchange.edition}`, exchange]))
    return [...last].filter(([answer, {state}]) => state !== 'faulted' && !kept.has(answer)).map(([, {id}]) => id)
  }

  get book(): string | undefined {
    try {
      return readFileSync(join(this.root, 'output', 'course', 'book.md'), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  /** Line of a directive in the outline, which messages about it must name. */
  lineOf(id: string): number {
    return (
      readFileSync(join(this.root, 'course.md'), 'utf8')
        .split('\n')
        .findIndex((line) => line.includes(`id="${id}"`)) + 1
    )
  }

  async end(): Promise<void> {
    await this.server.stop()
    if (this.root === this.inside) rmSync(this.root, {recursive: true, force: true})
  }
}

/** The JSON document on standard output; `undefined` for none, `torn` for anything else. */
function readDocument({stdout, code}: CliResult): BuildDocument | undefined | 'torn' {
  if (stdout === '') return undefined
  try {
    return JSON.parse(stdout) as BuildDocument
  } catch {
    // A run that was killed may have been cut off.
    return code === null ? undefined : 'torn'
  }
}
