import {rm} from 'node:fs/promises'
import {dirname} from 'node:path'
import type {Basis, Job} from '../model/job.ts'
import {readIfThere} from '../store/completion-store.ts'
import {formatSectionFile, parseSectionFile, type SectionFile, type SectionRecord} from '../store/section-file.ts'
import {besidePath, type SectionsFolder} from '../store/sections-folder.ts'
import {flushFolders} from '../store/write-whole.ts'
import {type BookText, isEdited, wantedBasis} from './book-texts.ts'
import type {BookPlan} from './build-book.ts'
import {makeReview} from './review-state.ts'

/** What came of accepting a text, or why it was not. */
export type Acceptance =
  | {
      readonly type: 'accepted'
      readonly text: BookText
      /** Whether its file is another one now. */
      readonly hasChanged: boolean
      /** Whether it took over the record of a new text that lay beside it. */
      readonly isMerged: boolean
    }
  | {readonly type: 'refused'; readonly because: string}

/**
 * Marks a job's text as read by somebody and, unless it is a draft, as good for what is wanted now. Where a new text lies
 * beside it that could not be merged, its record is taken over and it goes. The text itself stays as it is.
 */
export async function acceptText(job: Job, book: BookPlan, sections: SectionsFolder, by: string): Promise<Acceptance> {
  const text = book.texts.get(job.id)
  if (text === undefined) return refused('it has no text; `msk-course build` makes one')
  const {file, location, isDraft} = text
  if (!location.startsWith('sections/'))
    return refused(`its text is still \`${location}\`; \`msk-course build\` moves it back first`)
  const beside = await readBeside(file, sections)
  if (beside !== undefined && beside.record === undefined)
    return refused(
      `the new text beside it, \`sections/${beside.path}\`, does not say what made it; restore it, or remove it`,
    )
  const record = acceptedRecord(job, book, text, beside?.record)
  const extra = {...file.extra, ...beside?.extra, reviewed: makeReview(by, file.body)}
  const content = formatSectionFile(record, file.body, extra)
  const source = file.source.includes('\r\n') ? content.replaceAll('\n', '\r\n') : content
  const hasChanged = source !== file.source
  if (hasChanged && !(await sections.write(file.path, source, file.source)))
    return refused(`\`${location}\` was changed just now and is left as it is; accept it as it is now`)
  if (beside !== undefined) await removeBeside(sections.pathOf(beside.path))
  const accepted = {...file, record, extra, source}
  return {
    type: 'accepted',
    text: {file: accepted, location, isEdited: isEdited(accepted), isDraft: isDraft && beside === undefined},
    hasChanged,
    isMerged: beside !== undefined,
  }
}

function refused(because: string): Acceptance {
  return {type: 'refused', because}
}

/** The new text that could not be merged; undefined where there is none. */
async function readBeside({path}: SectionFile, sections: SectionsFolder): Promise<SectionFile | undefined> {
  const beside = besidePath(path)
  const content = await readIfThere(sections.pathOf(beside))
  return content === undefined ? undefined : parseSectionFile(beside, content)
}

async function removeBeside(path: string): Promise<void> {
  await rm(path, {force: true})
  await flushFolders([dirname(path)])
}

/** The record of a text that is good for what is wanted now. */
function acceptedRecord(
  job: Job,
  book: BookPlan,
  {file, isDraft}: BookText,
  beside: SectionRecord | undefined,
): SectionRecord | undefined {
  const own = file.record
  const record = beside === undefined ? own : {...beside, directive: own?.directive ?? beside.directive}
  // The next build with a model makes a draft anew, whatever is said of it.
  if (record === undefined || record.provider === 'draft' || (isDraft && beside === undefined)) return record
  const isWanted = beside === undefined && book.judged.get(job.id)?.state === 'fresh'
  return isWanted ? record : {...record, basis: acceptedBasis(job, book, record)}
}

/** What is wanted now, as far as texts are judged by it. */
function acceptedBasis(job: Job, {context, texts}: BookPlan, record: SectionRecord): Basis {
  const was = record.basis
  const {render, loaded} = context
  const {sources, upstream, ...wanted} = wantedBasis(job, loaded.plan, texts, render, context.sources, record)
  // Of a text that is missing now it is not known whether it changed.
  const lacking = Object.entries(was.upstream ?? {}).filter(
    ([id]) => upstream?.[id] === undefined && job.dependsOn.some((other) => other === id && !texts.has(other)),
  )
  return {
    ...wanted,
    model: wanted.model === '' ? was.model : wanted.model,
    ...(was.sources === undefined || sources === undefined ? {} : {sources}),
    ...(upstream === undefined ? {} : {upstream: {...upstream, ...Object.fromEntries(lacking)}}),
  }
}
