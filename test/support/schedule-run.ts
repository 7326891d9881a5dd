import {setMaxListeners} from 'node:events'
import type {Completion} from '../../src/model/completion.ts'
import type {ContentAddress} from '../../src/model/content-address.ts'
import type {JobId} from '../../src/model/job.ts'
import type {JobResult} from '../../src/model/job-result.ts'
import type {Price} from '../../src/model/price.ts'
import type {Request} from '../../src/model/request.ts'
import type {StoredCompletion} from '../../src/schedule/completion-keeper.ts'
import {Gate, type GateOptions} from '../../src/schedule/gate.ts'
import type {Intent, IntentEnd, IntentLog} from '../../src/schedule/intent-log.ts'
import {RunLedger} from '../../src/schedule/run-ledger.ts'
import {type RunEvent, type RunnableJob, type RunOptions, runPlan} from '../../src/schedule/run-plan.ts'
import {UsageEstimator} from '../../src/schedule/usage-estimator.ts'
import {FakeClock} from './fake-clock.ts'
import {type ProviderScript, RecordingProvider} from './recording-provider.ts'

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A request with this prompt. */
export function requestFor(prompt: string, maxTokens?: number): Request {
  return {
    endpoint: 'http://server/v1',
    model: 'model',
    messages: [{role: 'user', content: prompt}],
    sampling: {},
    limits: maxTokens === undefined ? {} : {maxTokens},
  }
}

export interface JobInput {
  readonly id: string
  readonly after?: readonly string[]
  readonly prompt?: string
  readonly maxTokens?: number
  readonly skip?: string
  readonly onPrepare?: () => void
}

/** Jobs `a1` to `a<count>`, none after another. */
export function plainJobs(count: number): JobInput[] {
  return Array.from({length: count}, (_, at) => ({id: `a${at + 1}`}))
}

/** A store in memory that keeps what was asked of it. */
export class MemoryStore {
  readonly kept = new Map<ContentAddress, Completion>()
  readonly puts: {readonly completion: Completion; readonly startMs: number; endMs: number}[] = []
  lost = new Set<ContentAddress>()
  findMs: (number: number) => number = () => 0
  putMs = 0
  onPut: (completion: Completion) => void = () => undefined
  private finds = 0

  constructor(private readonly clock: FakeClock) {}

  async find(request: ContentAddress): Promise<StoredCompletion> {
    const completion = this.kept.get(request)
    const ms = this.findMs(++this.finds)
    if (ms > 0) await this.clock.sleep(ms, new AbortController().signal)
    if (this.lost.has(request)) return {type: 'lost', message: 'damaged, $0.01'}
    return completion === undefined ? {type: 'none'} : {type: 'found', completion}
  }

  async put(completion: Completion): Promise<void> {
    const put = {completion, startMs: this.clock.nowMs(), endMs: Number.NaN}
    this.puts.push(put)
    if (this.putMs > 0) await this.clock.sleep(this.putMs, new AbortController().signal)
    this.onPut(completion)
    this.kept.set(completion.request, completion)
    put.endMs = this.clock.nowMs()
  }
}

/** A run log in memory. */
export class MemoryIntents implements IntentLog {
  readonly intents: {readonly intent: Intent; onDiskMs: number; ending: IntentEnd | undefined; endedMs: number}[] = []
  diskMs = 0
  onIntend: (intent: Intent) => void = () => undefined

  constructor(private readonly clock: FakeClock) {}

  async intend(intent: Intent): Promise<number> {
    const entry = {intent, onDiskMs: Number.NaN, ending: undefined, endedMs: Number.NaN}
    const number = this.intents.push(entry) - 1
    if (this.diskMs > 0) await this.clock.sleep(this.diskMs, new AbortController().signal)
    this.onIntend(intent)
    entry.onDiskMs = this.clock.nowMs()
    return number
  }

  end(number: number, ending: IntentEnd): void {
    const entry = this.intents[number]
    if (entry === undefined || entry.ending !== undefined) throw new Error(`Unexpected end of intent ${number}`)
    entry.ending = ending
    entry.endedMs = this.clock.nowMs()
  }
}

export interface RunInput extends Partial<Omit<GateOptions, 'random'>>, Partial<ProviderScript> {
  readonly jobs: readonly JobInput[]
  readonly seed?: number
  readonly width?: number
  readonly timeoutMs?: number
  readonly failFast?: boolean
  readonly maxCostUsd?: number
  readonly price?: Price
  /** Called before the run begins. */
  readonly arrange?: (bench: Bench) => void
  readonly onCompleted?: (id: JobId, completion: Completion) => Promise<string | undefined>
  readonly followUp?: RunOptions['followUp']
  readonly turn?: RunOptions['turn']
  /** What an earlier run went through, with its clock, gate and ledger. */
  readonly before?: Bench
}

/** All that a run was made of, to look at afterwards. */
export class Bench {
  readonly clock: FakeClock
  readonly provider: RecordingProvider
  readonly store: MemoryStore
  readonly intents: MemoryIntents
  readonly gate: Gate
  readonly ledger: RunLedger
  readonly estimator: UsageEstimator
  readonly stop = new AbortController()
  readonly abort = new AbortController()
  readonly events: (RunEvent & {readonly atMs: number})[] = []
  /** Order in which jobs were settled. */
  readonly settled: JobResult[] = []
  results = new Map<JobId, JobResult>()
  readonly completed: {readonly id: string; readonly from: string; readonly atMs: number}[] = []
  private readonly random: () => number

  constructor(private readonly input: RunInput) {
    const {before, price, maxCostUsd, requests, tokens} = input
    this.random = seededRandom(input.seed ?? 1)
    this.clock = before?.clock ?? new FakeClock()
    this.provider = new RecordingProvider(this.clock, {answer: () => ({}), ...input})
    this.store = before?.store ?? new MemoryStore(this.clock)
    this.intents = new MemoryIntents(this.clock)
    this.gate =
      before?.gate ??
      new Gate(
        {
          concurrency: input.concurrency ?? 16,
          random: this.random,
          ...(requests === undefined ? {} : {requests}),
          ...(tokens === undefined ? {} : {tokens}),
        },
        this.clock.nowMs(),
      )
    this.ledger =
      before?.ledger ?? new RunLedger({priceOf: () => price, ...(maxCostUsd === undefined ? {} : {maxCostUsd})})
    this.estimator = before?.estimator ?? new UsageEstimator()
    setMaxListeners(0, this.stop.signal, this.abort.signal)
    input.arrange?.(this)
  }

  get elapsedMs(): number {
    return this.clock.nowMs()
  }

  result(id: string): JobResult {
    const result = this.results.get(id as JobId)
    if (result === undefined) throw new Error(`No result for ${id}`)
    return result
  }

  count(type: JobResult['type']): number {
    return [...this.results.values()].filter((result) => result.type === type).length
  }

  async run(): Promise<this> {
    const {
      concurrency = 16,
      width = 2 * concurrency + 16,
      timeoutMs = 600_000,
      failFast,
      onCompleted,
      followUp,
      turn,
    } = this.input
    const work = runPlan(this.input.jobs.map(runnable), {
      provider: this.provider,
      gate: this.gate,
      ledger: this.ledger,
      estimator: this.estimator,
      intents: this.intents,
      clock: this.clock,
      random: this.random,
      timeoutMs,
      stop: this.stop.signal,
      abort: this.abort.signal,
      store: this.store,
      width,
      ...(failFast === undefined ? {} : {failFast}),
      ...(followUp === undefined ? {} : {followUp}),
      ...(turn === undefined ? {} : {turn}),
      onCompleted: async (id, completion, from) => {
        this.completed.push({id, from, atMs: this.clock.nowMs()})
        return onCompleted?.(id, completion)
      },
      onEvent: (event) => {
        this.events.push({...event, atMs: this.clock.nowMs()})
        if (event.type === 'result') this.settled.push(event.result)
      },
    })
    this.results = await this.clock.run(work)
    return this
  }
}

/** Runs jobs against a script and hands back everything that was recorded. */
export function runJobs(input: RunInput): Promise<Bench> {
  return new Bench(input).run()
}

function runnable({id, after = [], prompt = id, maxTokens, skip, onPrepare}: JobInput): RunnableJob {
  return {
    id: id as JobId,
    after: after as JobId[],
    prepare: async () => {
      onPrepare?.()
      return skip === undefined ? requestFor(prompt, maxTokens) : {skip}
    },
  }
}
