import type {JobId} from '../model/job.ts'

/** A job as the queue sees it. */
export interface QueuedJob {
  readonly id: JobId
  /** Jobs of the same run that must be done before, well or not; others are passed over. */
  readonly after: readonly JobId[]
}

/** Jobs that may start now, the first in the plan's order first, whatever the order in which they became free. */
export class JobQueue<Job extends QueuedJob> {
  private readonly places = new Map<JobId, number>()
  private readonly waiting: number[]
  private readonly dependents = new Map<JobId, number[]>()
  /** A binary heap of places. */
  private readonly ready: number[] = []
  private left: number

  constructor(private readonly jobs: readonly Job[]) {
    this.left = jobs.length
    jobs.forEach(({id}, place) => {
      this.places.set(id, place)
    })
    this.waiting = jobs.map(() => 0)
    jobs.forEach(({after}, place) => {
      for (const id of new Set(after)) {
        if (!this.places.has(id)) continue
        this.waiting[place] = (this.waiting[place] as number) + 1
        const dependents = this.dependents.get(id)
        if (dependents === undefined) this.dependents.set(id, [place])
        else dependents.push(place)
      }
    })
    this.waiting.forEach((count, place) => {
      if (count === 0) this.push(place)
    })
  }

  /** Jobs that are not done yet, those under way included. */
  get open(): number {
    return this.left
  }

  /** The next job to start; undefined while all others wait for jobs under way. */
  next(): Job | undefined {
    const [first] = this.ready
    if (first === undefined) return undefined
    const last = this.ready.pop() as number
    if (this.ready.length > 0) this.sink(last)
    return this.jobs[first]
  }

  /** Marks a job as done and frees those that waited for it. */
  done(id: JobId): void {
    this.left--
    for (const place of this.dependents.get(id) ?? []) {
      const count = (this.waiting[place] as number) - 1
      this.waiting[place] = count
      if (count === 0) this.push(place)
    }
  }

  private push(place: number): void {
    const {ready} = this
    let at = ready.length
    ready.push(place)
    while (at > 0) {
      const above = (at - 1) >> 1
      if ((ready[above] as number) <= place) break
      ready[at] = ready[above] as number
      at = above
    }
    ready[at] = place
  }

  private sink(place: number): void {
    const {ready} = this
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= ready.length) break
      if (below + 1 < ready.length && (ready[below + 1] as number) < (ready[below] as number)) below++
      if ((ready[below] as number) >= place) break
      ready[at] = ready[below] as number
      at = below
    }
    ready[at] = place
  }
}
