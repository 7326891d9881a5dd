import {mkdir, open, readdir, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import type {ContentAddress} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import {addressSchema} from './completion-facts.ts'
import {type CompletionStore, readIfThere} from './completion-store.ts'
import {LineWriter} from './line-writer.ts'
import {holderSchema, isAlive, type LockHolder} from './output-lock.ts'

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

/** Requests of a run that was cut off, of which nobody knows whether they were billed. */
export interface CutOffRun {
  readonly path: string
  /** ISO 8601. */
  readonly since: string
  readonly inDoubt: readonly LoggedIntent[]
}

type Ending = 'stored' | 'free' | 'billed' | 'in-doubt'

const intentSchema = z.object({
  type: z.literal('intent'),
  number: z.int(),
  at: z.string(),
  id: z.string(),
  request: addressSchema,
  model: z.string(),
  attempt: z.int(),
  inputTokens: z.number(),
  outputTokens: z.number(),
})

const lineSchema = z.union([
  z.object({type: z.literal('run'), holder: holderSchema}),
  intentSchema,
  z.object({type: z.literal('end'), number: z.int(), ending: z.enum(['stored', 'free', 'billed', 'in-doubt'])}),
])

/**
 * The log of one run, `.msk-course/runs/TIME-PROCESS.jsonl`: each request before it leaves, and what came of it. It is
 * removed when the run ends; one that is left over tells what a crash left in doubt.
 */
export class RunLog {
  private writer: Promise<LineWriter> | undefined
  private count = 0
  /** Requests of which it is not known what came of them. */
  private readonly open = new Set<number>()
  private hasDoubt = false

  /** `holder` is this process; `now` gives milliseconds since the epoch. */
  constructor(
    private readonly folder: string,
    private readonly holder: LockHolder,
    private readonly now: () => number,
  ) {}

  /** Notes a request that is about to leave; resolves when the note is on disk. */
  async intend(intent: LoggedIntent): Promise<number> {
    const number = ++this.count
    const writer = await this.start()
    await writer.write(JSON.stringify({type: 'intent', number, at: new Date(this.now()).toISOString(), ...intent}))
    this.open.add(number)
    return number
  }

  /** Notes what came of a request; on disk with the next intent. */
  end(number: number, ending: Ending): void {
    this.open.delete(number)
    if (ending === 'in-doubt') this.hasDoubt = true
    // A note that cannot be written leaves the request in doubt, which is said after a crash only.
    void this.writer?.then((writer) => writer.queue(JSON.stringify({type: 'end', number, ending})))
  }

  /**
   * Ends the log and removes it. It stays, for the next build to tell, where completions came and could not be kept, and
   * where requests were given up (`hasGivenUp`).
   */
  async close(hasGivenUp: boolean): Promise<void> {
    const writer = await this.writer
    if (writer === undefined) return
    this.writer = undefined
    await writer.close()
    const hasNews = this.open.size > 0 || (hasGivenUp && this.hasDoubt)
    if (!hasNews) await rm(writer.path, {force: true})
  }

  private start(): Promise<LineWriter> {
    this.writer ??= this.create()
    return this.writer
  }

  private async create(): Promise<LineWriter> {
    await mkdir(this.folder, {recursive: true})
    const stamp = this.holder.since.replace(/[:.]/g, '-')
    const path = join(this.folder, `${stamp}-${this.holder.pid}.jsonl`)
    const writer = new LineWriter(path, await open(path, 'ax', 0o600))
    writer.queue(JSON.stringify({type: 'run', holder: this.holder}))
    return writer
  }
}

/** Runs below `folder` whose process is gone, with what they left in doubt: sent, and neither stored nor known to be free. */
export async function readCutOffRuns(folder: string, store: Pick<CompletionStore, 'list'>): Promise<CutOffRun[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
  const runs: CutOffRun[] = []
  for (const name of names.filter((entry) => entry.endsWith('.jsonl')).sort()) {
    const run = await readRun(join(folder, name), store)
    if (run !== undefined) runs.push(run)
  }
  return runs
}

async function readRun(path: string, store: Pick<CompletionStore, 'list'>): Promise<CutOffRun | undefined> {
  const lines = ((await readIfThere(path)) ?? '').split('\n').flatMap((line) => parseLine(line) ?? [])
  const holder = lines.find((line) => line.type === 'run')?.holder
  if (holder !== undefined && isAlive(holder)) return undefined
  const ends = new Map(lines.flatMap((line) => (line.type === 'end' ? [[line.number, line.ending] as const] : [])))
  const inDoubt: LoggedIntent[] = []
  for (const line of lines) {
    if (line.type !== 'intent') continue
    const ending = ends.get(line.number)
    if (ending !== undefined && ending !== 'in-doubt') continue
    // The crash may have come between the store and the note of it.
    const isStored = (await store.list(line.request)).entries.some(({generated}) => generated >= line.at)
    if (ending === undefined && isStored) continue
    const {type: _, number: __, at: ___, ...intent} = line
    inDoubt.push(intent as LoggedIntent)
  }
  return {path, since: holder?.since ?? 'an unknown time', inDoubt}
}

function parseLine(line: string): z.infer<typeof lineSchema> | undefined {
  if (line.trim() === '') return undefined
  try {
    return lineSchema.safeParse(JSON.parse(line)).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
