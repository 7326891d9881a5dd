import type {Job, JobId, Plan} from '../model/job.ts'
import {otherBookId} from '../model/other-book.ts'
import {upstreamAddress} from './book-texts.ts'
import type {BookPlan} from './build-book.ts'

/** A directive whose text is read by another, or that reads one. */
export interface Neighbour {
  readonly id: JobId
  readonly state: string
  readonly edited: boolean
  readonly draft: boolean
  /** Whether the text that is read changed since it was read; null where nothing says so. */
  readonly changed: boolean | null
}

/** What a directive reads, and what reads it; `around` has the other books, by name. */
export function neighbours(
  {id, dependsOn}: Job,
  plan: BookPlan,
  readers: ReadonlyMap<JobId, readonly JobId[]>,
  around: ReadonlyMap<string, BookPlan> = new Map(),
): {upstream: Neighbour[]; downstream: Neighbour[]} {
  const own = otherBookId(plan.context.loaded.target.name, id)
  return {
    upstream: dependsOn.map((other) => {
      const read = plan.context.loaded.plan.others?.get(other)
      const changed = hasChanged(id, other, plan)
      const book = read === undefined ? undefined : around.get(read.book)
      return {...neighbour(read?.job.id ?? other, book ?? plan, changed), id: other}
    }),
    downstream: [
      ...(readers.get(id) ?? []).map((other) => neighbour(other, plan, hasChanged(other, id, plan))),
      ...[...around].flatMap(([name, book]) =>
        readersIn(book, own).map((other) => ({
          ...neighbour(other, book, hasChanged(other, own, book)),
          id: otherBookId(name, other),
        })),
      ),
    ],
  }
}

/** Directives of another book that read one of this, by its `BOOK:ID`. */
function readersIn({context}: BookPlan, id: JobId): JobId[] {
  const {jobs, others} = context.loaded.plan
  if (others?.has(id) !== true) return []
  return [...jobs.values()].filter(({dependsOn}) => dependsOn.includes(id)).map((job) => job.id)
}

function neighbour(id: JobId, {judged, texts}: BookPlan, changed: boolean | null): Neighbour {
  const text = texts.get(id)
  return {
    id,
    state: judged.get(id)?.state ?? 'missing',
    edited: text?.isEdited ?? false,
    draft: text?.isDraft ?? false,
    changed,
  }
}

function hasChanged(reader: JobId, read: JobId, {texts}: BookPlan): boolean | null {
  const was = texts.get(reader)?.file.record?.basis.upstream
  const text = texts.get(read)
  if (was === undefined || text === undefined) return null
  const address = upstreamAddress(text)
  // A section that was renamed has another id and the same text.
  return was[read] !== address && !Object.values(was).includes(address)
}

/** For each of some directives, those that read it, in the outline's order. Jobs that share a list share the work. */
export function readersOf(wanted: ReadonlySet<JobId>, {jobs}: Plan): Map<JobId, JobId[]> {
  const byList = new Map<readonly JobId[], Job[]>()
  for (const job of jobs.values()) {
    const own = byList.get(job.dependsOn)
    if (own === undefined) byList.set(job.dependsOn, [job])
    else own.push(job)
  }
  const readers = new Map<JobId, Set<JobId>>([...wanted].map((id) => [id, new Set()]))
  for (const [list, own] of byList) {
    for (const id of list) for (const reader of readers.has(id) ? own : []) readers.get(id)?.add(reader.id)
  }
  const places = new Map([...jobs.keys()].map((id, at) => [id, at]))
  const place = (id: JobId): number => places.get(id) ?? 0
  return new Map([...readers].map(([id, own]) => [id, [...own].sort((a, b) => place(a) - place(b))]))
}
