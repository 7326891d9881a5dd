import {mergeTexts} from '../diff/merge-texts.ts'
import {type Completion, completionAddress} from '../model/completion.ts'
import {type ContentAddress, textAddress} from '../model/content-address.ts'
import type {Job, JobId} from '../model/job.ts'
import {isOfOtherBook} from '../model/other-book.ts'
import {basisOf, modelOf} from '../plan/render-request.ts'
import {ReplacedTexts} from '../store/replaced-texts.ts'
import {firstBodyLine, formatSectionFile, type SectionFile, type SectionRecord} from '../store/section-file.ts'
import {sectionPath} from '../store/section-path.ts'
import {besidePath, type SectionsFolder} from '../store/sections-folder.ts'
import {type BookText, isEdited, notesOf, sectionLocation, upstreamOf, wantedBasis} from './book-texts.ts'
import type {BookPlan} from './build-book.ts'
import {BaseFinder} from './find-base.ts'

/** Writes the texts of a run into section files; what an author edited is merged, or kept with the new text beside it. */
export class SectionWriter {
  readonly merged = new Set<JobId>()
  /** Lines of section files at which a new text could not be merged. */
  readonly conflicts = new Map<JobId, readonly number[]>()
  private readonly replaced: ReplacedTexts
  private readonly bases: BaseFinder

  constructor(
    private readonly book: BookPlan,
    private readonly sections: SectionsFolder,
    readRaw: (address: ContentAddress) => Promise<string | undefined>,
  ) {
    const {outputFolder, root} = book.context.loaded.target
    this.replaced = new ReplacedTexts(root, outputFolder)
    const locations = new Map([...book.texts].map(([id, {location}]) => [id, location]))
    this.bases = new BaseFinder({outputFolder, readRaw, locations, manifest: book.manifest})
  }

  /**
   * Writes the text of a completion. Gives the text that stands now, undefined where the new one was laid beside it, or
   * the reason why the file may not be written.
   */
  async write(job: Job, completion: Completion, text: string): Promise<BookText | undefined | string> {
    const old = this.book.texts.get(job.id)
    const record = this.recordOf(job, completion, text)
    if (old?.isEdited !== true || this.isReplaced(job.id)) return this.replace(job.id, record, text)
    const base = await this.bases.find(job, old)
    if (base === undefined) return this.layBeside(job.id, record, text, [])
    const merged = mergeTexts({base, author: old.file.body, fresh: text})
    if (merged.type === 'conflicts') {
      const first = firstBodyLine(old.file)
      return this.layBeside(
        job.id,
        record,
        text,
        merged.conflicts.map(({line}) => first + line - 1),
      )
    }
    const written = await this.replace(job.id, record, merged.text)
    if (typeof written !== 'string') this.merged.add(job.id)
    return written
  }

  /** Whether a new text takes the place of one that an author edited: it was asked for, or was made from that very text. */
  private isReplaced(id: JobId): boolean {
    const {again} = this.book.context
    return again?.ids.has(id) === true && (again.overwrites.has(id) || again.note !== undefined)
  }

  private recordOf(job: Job, completion: Completion, text: string): SectionRecord {
    const {context, texts} = this.book
    const isDraft = completion.provider === 'draft'
    // A draft rests on all sources and on other books, a text from a model on the passages that it was given and the texts
    // that it reads.
    const others = upstreamOf({dependsOn: job.dependsOn.filter(isOfOtherBook)}, context.loaded.plan, texts)
    const {model: _, ...basis} = isDraft
      ? basisOf({...job, readsChapter: false}, others, context.render, context.sources.ofDraft)
      : {
          ...wantedBasis(job, context.loaded.plan, texts, context.render, context.sources),
          sources: context.sources.addressFor(job, context.render),
        }
    return {
      directive: job.id,
      request: completion.request,
      basis: {...basis, model: isDraft ? 'draft' : modelOf(job, context.render)},
      completion: completionAddress(completion.text),
      text: textAddress(text),
      provider: completion.provider,
      model: completion.model,
      finish: completion.finish,
      usage: completion.usage,
      generated: completion.generated,
    }
  }

  private async replace(id: JobId, record: SectionRecord, body: string): Promise<BookText | string> {
    const path = sectionPath(id)
    const old = this.book.texts.get(id)
    const {again} = this.book.context
    const isAgain = again?.ids.has(id) === true
    const extra = {
      ...old?.file.extra,
      ...(isAgain && again.note !== undefined ? {notes: [...notesOf(old?.file), again.note]} : {}),
    }
    // The store has what the program wrote itself; what a command was asked to replace is kept for its undoing too.
    if (old !== undefined && (isAgain || old.isEdited)) await this.replaced.keep(id, old.file.source)
    const content = formatSectionFile(record, body, extra)
    if (!(await this.sections.write(path, content, old?.file.source))) return wasChanged(sectionLocation(id))
    await this.removeBeside(id)
    const file: SectionFile = {path, record, extra, body, source: content}
    const isDraft = record.provider === 'draft'
    return {file, location: sectionLocation(id), isEdited: isEdited(file), isDraft}
  }

  private async layBeside(
    id: JobId,
    record: SectionRecord,
    body: string,
    lines: readonly number[],
  ): Promise<undefined | string> {
    const path = besidePath(sectionPath(id))
    const lying = this.book.beside.get(id)
    await this.keepEditedBeside(id)
    const content = formatSectionFile(record, body)
    if (!(await this.sections.write(path, content, lying?.source))) return wasChanged(besidePath(sectionLocation(id)))
    this.book.beside.set(id, {path, record, extra: {}, body, source: content})
    this.conflicts.set(id, lines)
    return undefined
  }

  private async removeBeside(id: JobId): Promise<void> {
    const lying = this.book.beside.get(id)
    if (lying === undefined) return
    await this.keepEditedBeside(id)
    await this.sections.remove(besidePath(sectionPath(id)), lying.source)
    this.book.beside.delete(id)
  }

  /** What an author wrote into the text that lies beside is as good as any other. */
  private async keepEditedBeside(id: JobId): Promise<void> {
    const lying = this.book.beside.get(id)
    if (lying !== undefined && isEdited(lying)) await this.replaced.keep(`${id}.new` as JobId, lying.source)
  }
}

function wasChanged(location: string): string {
  return `\`${location}\` was changed while the build ran and is left as it is; the new text is in the store`
}
