import type {JobId} from '../model/job.ts'
import {judgeState} from '../plan/judge-state.ts'
import type {SectionFile} from '../store/section-file.ts'
import {type BookText, wantedBasis} from './book-texts.ts'
import type {BookContext} from './build-book.ts'

/** New texts that lie beside edited ones, by directive, and which of them are still wanted as they are. */
export function textsBeside(
  {loaded, render, sources, usesModel, staleParts, refresh}: BookContext,
  texts: ReadonlyMap<JobId, BookText>,
  besideFiles: ReadonlyMap<string, SectionFile>,
): {beside: Map<JobId, SectionFile>; waiting: Set<JobId>} {
  const beside = new Map<JobId, SectionFile>()
  const waiting = new Set<JobId>()
  for (const [id, {location, isEdited, file: own}] of besideFiles.size === 0 ? [] : texts) {
    const file = besideFiles.get(location)
    const job = loaded.plan.jobs.get(id)
    if (file === undefined || job === undefined) continue
    // It was taken, and a kill came before its file was removed.
    if (file.record !== undefined && file.record.completion === own.record?.completion) continue
    beside.set(id, file)
    if (file.record === undefined || !isEdited) continue
    const facts = {basis: file.record.basis, isDraft: file.record.provider === 'draft'}
    const reads = {
      ...(job.readsChapter === true ? {readsChapter: true} : {}),
      lacking: new Set(job.dependsOn.filter((upstream) => !texts.has(upstream))),
    }
    const wanted = wantedBasis(job, loaded.plan, texts, render, sources, file.record)
    const {state, parts} = judgeState(wanted, facts, {usesModel, staleParts}, reads)
    if (state === 'fresh' || (state === 'drifted' && !parts.some((part) => refresh.has(part)))) waiting.add(id)
  }
  return {beside, waiting}
}
