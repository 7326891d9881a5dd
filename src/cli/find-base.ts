import {join} from 'node:path'
import {type ContentAddress, textAddress} from '../model/content-address.ts'
import type {Job, JobId} from '../model/job.ts'
import {GitRepository} from '../store/git-repository.ts'
import type {Manifest} from '../store/manifest.ts'
import {parseSectionFile} from '../store/section-file.ts'
import {sectionPath} from '../store/section-path.ts'
import {besidePath} from '../store/sections-folder.ts'
import {canonicalMarkdown} from '../syntax/canonical-markdown.ts'
import type {BookText} from './book-texts.ts'
import {normaliseFor} from './renormalise.ts'

/** Where the text that an author edited is looked for as it was before. */
export interface BaseSources {
  readonly outputFolder: string
  /** A raw completion from the store. */
  readRaw(address: ContentAddress): Promise<string | undefined>
  /** Locations of section files below the output folder before this run moved them. */
  readonly locations: ReadonlyMap<JobId, string>
  readonly manifest: Manifest | undefined
}

/** Finds generated texts as the program wrote them, under what an author made of them since. */
export class BaseFinder {
  private repository: Promise<GitRepository | undefined> | undefined

  constructor(private readonly sources: BaseSources) {}

  /** From the store, else from the history of the section file in git; undefined where neither has it. */
  async find(job: Job, text: BookText): Promise<string | undefined> {
    const {record} = text.file
    if (record === undefined) return undefined
    return (await this.fromStore(job, record.completion, record.text)) ?? this.fromGit(job, text, record.text)
  }

  private async fromStore(job: Job, completion: ContentAddress, wanted: ContentAddress): Promise<string | undefined> {
    const raw = await this.sources.readRaw(completion)
    if (raw === undefined) return undefined
    const row = this.sources.manifest?.directives.find((own) => own.completion === completion)
    const gone = row?.repairs.flatMap(({ruleId, detail}) => (ruleId === 'repeated-title' ? [detail] : [])) ?? []
    // A heading that was renamed since was taken off the text under its old title.
    for (const titles of [[], gone]) {
      const {text} = normaliseFor(job, raw, titles)
      if (textAddress(text) === wanted) return text
    }
    return undefined
  }

  private async fromGit({id}: Job, {location, file}: BookText, wanted: ContentAddress): Promise<string | undefined> {
    const {outputFolder, locations} = this.sources
    this.repository ??= GitRepository.open(outputFolder)
    const repository = await this.repository
    if (repository === undefined) return undefined
    const {formerly} = file.extra
    const places = new Set([
      location,
      locations.get(id) ?? location,
      ...(typeof formerly === 'string' ? [`sections/${sectionPath(formerly as JobId)}`] : []),
    ])
    // A text that was taken from beside an edited one is in the history of the file that lay there.
    for (const place of [...places, ...[...places].map(besidePath)]) {
      for (const version of await repository.versions(join(outputFolder, place))) {
        const {body} = parseSectionFile(place, version)
        const forms = [body, canonicalMarkdown(body), canonicalMarkdown(body, {lists: 'tight'})]
        const found = forms.find((form) => textAddress(form) === wanted)
        if (found !== undefined) return found
      }
    }
    return undefined
  }
}
