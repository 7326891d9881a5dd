import {resolve} from 'node:path'
import type {VFile} from 'vfile'
import {defaultRepairRules} from '../check/rank-failures.ts'
import type {Config} from '../config/config-schema.ts'
import type {JobId} from '../model/job.ts'
import {messageSeverity} from '../model/report.ts'
import type {BasisPart} from '../plan/judge-state.ts'
import {listHeadings} from '../plan/list-headings.ts'
import {type RenderContext, settingWords} from '../plan/render-request.ts'
import {BookLoader, inReadingOrder} from './book-loader.ts'
import type {BookContext} from './build-book.ts'
import type {ProviderChoice} from './build-settings.ts'
import {UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {hasErrors, kindSettings, type LoadedOutline, type LoadedProject, loadProject} from './load-course.ts'
import {type BookTarget, findBooks, openProject, type Project, refuseTrackedState} from './project.ts'
import {stalePartsOf} from './stale-parts-of.ts'

/** The books that a command is about, with all that they share. */
export interface OpenBooks {
  readonly project: Project
  readonly config: Config
  readonly shared: LoadedProject
  /** Each behind those that it reads. */
  readonly books: readonly LoadedOutline[]
  /** Files with messages: config, templates and outlines. */
  readonly files: readonly VFile[]
  /** Whether ids alone name directives, since the project has one book. */
  readonly isOnlyBook: boolean
}

/**
 * Opens config, templates, sources and outlines. Faults of the config or a template are in `files`. `onFound` is told
 * of the books before anything but the config is read, `onRead` of each book that these read before it is read.
 */
export async function openBooks(
  outlines: readonly string[],
  options: GlobalOptions & {readonly out?: string},
  onFound?: (project: Project, targets: readonly BookTarget[]) => void,
  onRead?: (target: BookTarget) => void,
): Promise<OpenBooks> {
  const first = outlines[0] === undefined ? undefined : resolve(options.cwd, outlines[0])
  const project = await openProject(options, first)
  const config = project.config ?? {}
  const targets = await findBooks(outlines, project, options)
  onFound?.(project, targets)
  const root = project.root ?? targets[0]?.root ?? options.cwd
  const shared = await loadProject(root, config, options.cwd)
  const loader = new BookLoader({
    project,
    config,
    shared,
    cwd: options.cwd,
    targets,
    ...(onRead === undefined ? {} : {onRead}),
  })
  const loaded: LoadedOutline[] = []
  for (const target of targets) loaded.push(await loader.load(target))
  const books = inReadingOrder(loaded)
  const files = [
    ...(project.configFile === undefined ? [] : [project.configFile]),
    ...shared.files,
    ...loader.templateFiles,
    ...books.map(({file}) => file),
  ]
  return {project, config, shared, books, files, isOnlyBook: await loader.isOnlyBook()}
}

/** Refuses what cannot be built: errors in config, templates or outlines, and outlines without directives. */
export function refuseUnbuildable(open: OpenBooks, cwd: string): void {
  if (open.project.config === undefined || hasErrors(open.files)) {
    const first = open.files
      .flatMap((file) => file.messages.map((message) => ({file, message})))
      .find(({message}) => messageSeverity(message) === 'error')
    const place =
      first === undefined
        ? ''
        : `${first.file.path}:${first.message.line ?? 1}:${first.message.column ?? 1} ${first.message.reason}`
    const count = open.files.reduce(
      (sum, file) => sum + file.messages.filter((message) => messageSeverity(message) === 'error').length,
      0,
    )
    throw new UsageError(
      'check-failed',
      `Cannot go on: ${count} ${count === 1 ? 'error' : 'errors'}, the first at ${place}; nothing was sent or written, \`msk-course check\` lists all`,
    )
  }
  for (const {outline, file} of open.books) {
    if (outline.directives.length === 0) {
      throw new UsageError(
        'no-directives',
        `Unexpected outline \`${file.path}\` without directives, expected at least one \`<prompt>…</prompt>\``,
      )
    }
  }
  for (const {target} of open.books) refuseTrackedState(target.root, cwd)
}

/** What a book is judged and built with. */
export function bookContext(
  open: OpenBooks,
  loaded: LoadedOutline,
  choice: Pick<ProviderChoice, 'endpoint' | 'model'>,
  usesModel: boolean,
  extra: {readonly refresh?: ReadonlySet<BasisPart>; readonly remade?: ReadonlySet<JobId>} = {},
): BookContext {
  const {config, shared} = open
  const {temperature, topP, seed, maxTokens, contextTokens, sourceTokens} = config
  const render: RenderContext = {
    prompts: shared.prompts,
    metadata: loaded.outline.metadata,
    chapterTitles: chapterTitles(loaded),
    headings: listHeadings(loaded.outline.sections),
    kinds: kindSettings(config),
    endpoint: choice.endpoint,
    model: choice.model,
    sampling: {
      ...(temperature === undefined ? {} : {temperature}),
      ...(topP === undefined ? {} : {topP}),
      ...(seed === undefined ? {} : {seed}),
    },
    ...(maxTokens === undefined ? {} : {maxTokens}),
    ...(contextTokens === undefined ? {} : {contextTokens}),
    isDerived: loaded.target.companion !== undefined,
    ...(sourceTokens === undefined ? {} : {sourceTokens: sourceTokens === 'none' ? 0 : sourceTokens}),
  }
  return {
    loaded,
    project: shared,
    render,
    sources: shared.sources,
    selectorOf: (id) => (open.isOnlyBook ? id : `${loaded.target.name}:${id}`),
    usesModel,
    staleParts: stalePartsOf(config.rebuild),
    refresh: extra.refresh ?? new Set(),
    ...(extra.remade === undefined ? {} : {remade: extra.remade}),
    contracts: {
      wordsOf: (job) => settingWords(job, render),
      ...(shared.sources.citations === undefined ? {} : {citations: shared.sources.citations}),
      ...(config.rules === undefined ? {} : {rules: config.rules}),
      ...(loaded.outline.metadata.language === undefined ? {} : {language: loaded.outline.metadata.language}),
    },
    repairRules: new Set(config.repairRules ?? defaultRepairRules),
    ...(config.repairs === undefined ? {} : {repairs: config.repairs}),
    ...(config.prices === undefined ? {} : {prices: config.prices}),
  }
}

/** Titles of the chapters: the sections of the shallowest depth that the outline has. */
function chapterTitles({outline}: LoadedOutline): string[] {
  const sections = outline.sections.filter(({depth}) => depth > 0)
  const top = sections.reduce((least, {depth}) => Math.min(least, depth), 6)
  return sections.filter(({depth}) => depth === top).map(({title}) => title)
}
