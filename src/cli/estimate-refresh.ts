import type {JobId} from '../model/job.ts'
import type {BasisPart, Judgement} from '../plan/judge-state.ts'
import {type BookPlan, jobsToMake} from './build-book.ts'
import {estimateBook, noSpending, requestsOf, type SpendingEstimate} from './estimate-book.ts'

/** What `--refresh` of some parts would make, and what it would cost. */
export interface RefreshEstimate {
  /** Texts that would be made again, those that read them included. */
  readonly texts: number
  /** At most: what the store has is not looked up. */
  readonly spending: SpendingEstimate
}

/** Estimates a build of the whole book with `--refresh PARTS`, beyond what a plain one would make. */
export function estimateRefresh(
  {context, texts, waiting}: Pick<BookPlan, 'context' | 'texts' | 'waiting'>,
  judged: ReadonlyMap<JobId, Judgement>,
  parts: ReadonlySet<BasisPart>,
): RefreshEstimate {
  const {only: _, again: __, ...whole} = context
  const plain = jobsToMake(judged, texts, {...whole, refresh: new Set()}, waiting)
  const again = [...jobsToMake(judged, texts, {...whole, refresh: parts}, waiting)].filter((id) => !plain.has(id))
  if (!context.usesModel || again.length === 0) return {texts: again.length, spending: noSpending}
  const book = {context: whole, texts, judged}
  return {texts: again.length, spending: estimateBook(book, requestsOf(book, again)).total}
}
