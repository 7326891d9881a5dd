import type {ContentAddress} from '../model/content-address.ts'
import type {Job, JobId} from '../model/job.ts'
import type {JobResult} from '../model/job-result.ts'
import {type Request, requestAddress} from '../model/request.ts'
import {type RunOptions, runPlan} from '../schedule/run-plan.ts'
import {type BookPlan, type BookRun, noRun, planRequest} from './build-book.ts'
import {UpstreamReader} from './upstream-reader.ts'

/** What buying candidates needs beside the book. */
export interface CandidateOptions extends Omit<RunOptions, 'onCompleted' | 'followUp'> {
  /** A raw completion from the store. */
  readRaw(address: ContentAddress): Promise<string | undefined>
  /** How many completions the store has for a request. */
  countStored(request: ContentAddress): Promise<number>
}

/** Buys completions until the store has `wanted` for the request of each directive that is made. Writes nothing else. */
export async function buyCandidates(book: BookPlan, wanted: number, options: CandidateOptions): Promise<BookRun> {
  const {plan} = book.context.loaded
  const upstream = new UpstreamReader(book, options.readRaw)
  const requests = new Map<JobId, Request>()
  const results = new Map<JobId, JobResult>()
  for (const id of plan.order.filter((own) => book.make.has(own))) {
    const job = plan.jobs.get(id) as Job
    const because = upstream.missing(job)
    if (because === undefined) requests.set(id, planRequest(job, book, await upstream.read(job)))
    else results.set(id, {type: 'skipped', id, because})
  }
  for (;;) {
    const lacking: JobId[] = []
    const asked = new Set<ContentAddress>()
    for (const [id, request] of requests) {
      const address = requestAddress(request)
      const isOver = results.get(id)?.type === 'failed' || results.get(id)?.type === 'skipped'
      if (isOver || asked.has(address) || (await options.countStored(address)) >= wanted) continue
      asked.add(address)
      lacking.push(id)
    }
    if (lacking.length === 0 || options.stop.aborted) break
    // Equal requests of one run are sent once: each round brings one completion of each.
    const round = await runPlan(
      lacking.map((id) => ({id, after: [], prepare: async () => requests.get(id) as Request})),
      {
        ...options,
        store: {
          get trouble() {
            return options.store.trouble
          },
          find: async () => ({type: 'none'}),
          put: (completion, request) => options.store.put(completion, request),
        },
        onCompleted: async () => undefined,
        // Progress counts directives: each is done when its first candidate is there.
        onEvent: (event) => {
          if (event.type !== 'result' || !results.has(event.result.id)) options.onEvent(event)
        },
      },
    )
    for (const [id, result] of round) results.set(id, result)
  }
  for (const id of requests.keys()) if (!results.has(id)) results.set(id, {type: 'completed', id, from: 'store'})
  return {...noRun, results}
}
