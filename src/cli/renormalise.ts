import {type NormalisedCompletion, normaliseCompletion, normaliserVersion} from '../book/normalise-completion.ts'
import type {Repair} from '../book/repair.ts'
import type {Completion} from '../model/completion.ts'
import {type ContentAddress, textAddress} from '../model/content-address.ts'
import type {Job, JobId} from '../model/job.ts'
import {type Manifest, rowFinder} from '../store/manifest.ts'
import {formatSectionFile} from '../store/section-file.ts'
import {sectionPath} from '../store/section-path.ts'
import type {SectionsFolder} from '../store/sections-folder.ts'
import type {BookText} from './book-texts.ts'
import type {BookPlan} from './build-book.ts'

/** Normalises a raw completion for its directive; `gone` are titles that were taken off it before they changed. */
export function normaliseFor(job: Job, raw: string, gone: readonly string[] = []): NormalisedCompletion {
  const {headingPath, directive, depth} = job
  const titles = [headingPath.at(-1), directive.label, ...gone].filter((title) => title !== undefined)
  // A label may stand in a list item, whose headings become leads.
  return normaliseCompletion(raw, titles, {depth, isInItem: directive.container !== 'block'})
}

/**
 * Texts of the program's own that another version of the normaliser made, or whose repairs nobody noted: each with the
 * titles that were taken off it, which a heading that was renamed since must not bring back.
 */
export function outdatedTexts(
  texts: ReadonlyMap<JobId, BookText>,
  make: ReadonlySet<JobId>,
  manifest: Manifest | undefined,
): Map<JobId, readonly string[]> {
  const findRow = rowFinder(manifest)
  const outdated = new Map<JobId, readonly string[]>()
  for (const [id, {file, isEdited}] of texts) {
    if (file.record === undefined || isEdited || make.has(id)) continue
    const row = findRow(id, file.record.completion)
    if (row?.normaliser === normaliserVersion) continue
    const titles = row?.repairs.flatMap(({ruleId, detail}) => (ruleId === 'repeated-title' ? [detail] : []))
    outdated.set(id, titles ?? [])
  }
  return outdated
}

/**
 * Normalises outdated texts again from their raw completions, as far as the store has them, and writes those that
 * differ. What was bought stays what it was: no request is made, and nothing that reads such a text drifts. What comes of
 * each is handed to `onNormalised`, which may find that it holds more or less than before.
 */
export async function renormalise(
  {context, texts, outdated}: Pick<BookPlan, 'context' | 'texts' | 'outdated'>,
  sections: SectionsFolder,
  readRaw: (address: ContentAddress) => Promise<string | undefined>,
  onNormalised: (
    job: Job,
    made: NormalisedCompletion,
    completion: Pick<Completion, 'text' | 'finish' | 'provider'>,
  ) => void,
): Promise<{repairs: Map<JobId, readonly Repair[]>; renewed: Set<JobId>}> {
  const repairs = new Map<JobId, readonly Repair[]>()
  const renewed = new Set<JobId>()
  for (const [id, titles] of outdated) {
    const present = texts.get(id)
    const record = present?.file.record
    const raw = record === undefined ? undefined : await readRaw(record.completion)
    if (present === undefined || record === undefined || raw === undefined) continue
    const job = context.loaded.plan.jobs.get(id) as Job
    const made = normaliseFor(job, raw, titles)
    const text = textAddress(made.text)
    if (text !== record.text) {
      const {extra, source} = present.file
      const next = {...record, text}
      const content = formatSectionFile(next, made.text, extra)
      const path = sectionPath(id)
      // An author who changed it in this moment keeps it; the next build sees an edited text.
      if (!(await sections.write(path, content, source))) continue
      texts.set(id, {...present, file: {path, record: next, extra, body: made.text, source: content}})
      renewed.add(id)
    }
    repairs.set(id, made.repairs)
    onNormalised(job, made, {...record, text: raw})
  }
  return {repairs, renewed}
}
