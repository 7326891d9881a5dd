import {existsSync} from 'node:fs'
import {join} from 'node:path'
import type {CitationFacts} from '../check/contract.ts'
import type {SourceNote} from '../config/load-sources.ts'
import {type PassageLibrary, readPassages} from '../ground/passage-library.ts'
import {emptyExcerpt, SourceFinder} from '../ground/source-finder.ts'
import {SourceSupport} from '../ground/source-support.ts'
import type {Bibliography} from '../model/bibliography.ts'
import {type ContentAddress, contentAddress} from '../model/content-address.ts'
import type {Job} from '../model/job.ts'
import type {SourceExcerpt} from '../model/source-excerpt.ts'
import {type RenderContext, sourceTokensOf} from '../plan/render-request.ts'
import {sourcesAddress} from '../providers/draft-provider.ts'
import {readFoundPassages, writeFoundPassages} from '../store/passage-cache.ts'

/** Rises with every change of what a search finds, so that nothing found before is believed. */
const finderVersion = 2

/** What decides how many tokens of passages a request holds. */
export type SourceSettings = Pick<RenderContext, 'kinds' | 'sourceTokens' | 'isDerived'>

/** The notes of a course as requests and drafts rest on them; read and searched only when that is needed. */
export class CourseSources {
  /** Of all notes with their bibliography: what a draft rests on. */
  readonly ofDraft: ContentAddress
  private read: PassageLibrary | undefined
  private finder: SourceFinder | undefined
  private supported: SourceSupport | undefined
  private readonly excerpts = new WeakMap<Job, Map<number, SourceExcerpt>>()
  private readonly keys = new WeakMap<Job, Map<number, ContentAddress>>()
  private hasNews = false

  private constructor(
    private readonly root: string,
    private readonly notes: readonly SourceNote[],
    private readonly bibliography: Bibliography | undefined,
    private readonly version: ContentAddress,
    private readonly found: Map<ContentAddress, ContentAddress>,
  ) {
    this.ofDraft = notes.length === 0 ? contentAddress(['sources', []]) : sourcesAddress(notes, bibliography)
  }

  /** The sources of a project, with what earlier builds found in them. */
  static async open(
    root: string,
    notes: readonly SourceNote[],
    bibliography: Bibliography | undefined,
  ): Promise<CourseSources> {
    const version = contentAddress(['found', finderVersion, sourcesAddress(notes, bibliography)])
    const found = notes.length === 0 ? new Map() : await readFoundPassages(root, version)
    return new CourseSources(root, notes, bibliography, version, found)
  }

  /** All that the notes say. */
  get library(): PassageLibrary {
    this.read ??= readPassages(this.notes, this.bibliography)
    return this.read
  }

  /** What texts are held to where they cite; undefined in a course without a bibliography. */
  get citations(): CitationFacts | undefined {
    if (this.bibliography === undefined) return undefined
    const numbers = new Set(this.bibliography.entries.map(({number}) => number))
    return {numbers, unsupported: (paragraph) => this.support.unsupported(paragraph)}
  }

  /** Which sentences the notes support. */
  get support(): SourceSupport {
    this.supported ??= new SourceSupport(this.library)
    return this.supported
  }

  /**
   * What a request for a job carries; undefined in a course without notes, where it is to carry none, and where nothing
   * fits a job that is made from other texts: those are what covers it.
   */
  excerptFor(job: Job, settings: SourceSettings): SourceExcerpt | undefined {
    const excerpt = this.find(job, settings)
    return excerpt?.passages.length === 0 && job.dependsOn.length > 0 ? undefined : excerpt
  }

  private find(job: Job, settings: SourceSettings): SourceExcerpt | undefined {
    const tokens = this.notes.length === 0 ? 0 : sourceTokensOf(job, settings)
    if (tokens === 0) return undefined
    const known = this.excerpts.get(job) ?? new Map<number, SourceExcerpt>()
    this.excerpts.set(job, known)
    let excerpt = known.get(tokens)
    if (excerpt === undefined) {
      this.finder ??= new SourceFinder(this.library, this.bibliography)
      excerpt = this.finder.find(job, tokens)
      known.set(tokens, excerpt)
      this.note(this.keyOf(job, tokens), excerpt.address)
    }
    return excerpt
  }

  /** Address of the passages that a request for a job carries; that of none where it carries none. */
  addressFor(job: Job, settings: SourceSettings): ContentAddress {
    const tokens = this.notes.length === 0 ? 0 : sourceTokensOf(job, settings)
    if (tokens === 0) return emptyExcerpt.address
    return this.found.get(this.keyOf(job, tokens)) ?? (this.find(job, settings) ?? emptyExcerpt).address
  }

  /** Whether sources cover a directive; undefined where its request carries no passages, nor says that there are none. */
  covers(job: Job, settings: SourceSettings): boolean | undefined {
    if (this.notes.length === 0 || sourceTokensOf(job, settings) === 0) return undefined
    const isCovered = this.addressFor(job, settings) !== emptyExcerpt.address
    return isCovered || job.dependsOn.length === 0 ? isCovered : undefined
  }

  /** Keeps what was found for later commands, in a project that has local state. */
  async save(): Promise<void> {
    if (!this.hasNews || !existsSync(join(this.root, '.msk-course'))) return
    await writeFoundPassages(this.root, this.version, this.found)
    this.hasNews = false
  }

  private note(key: ContentAddress, address: ContentAddress): void {
    if (this.found.get(key) === address) return
    this.found.set(key, address)
    this.hasNews = true
  }

  /** All of a job that a search looks at. */
  private keyOf(job: Job, tokens: number): ContentAddress {
    const known = this.keys.get(job) ?? new Map<number, ContentAddress>()
    this.keys.set(job, known)
    let key = known.get(tokens)
    if (key === undefined) {
      const {directive, kind, headingPath} = job
      const {sources, tags} = directive.attributes
      const {value, label} = directive
      key = contentAddress(['search', {tokens, kind, headingPath, value, label, sources, tags}])
      known.set(tokens, key)
    }
    return key
  }
}
