import {resolve} from 'node:path'
import type {VFile} from 'vfile'
import type {Config} from '../config/config-schema.ts'
import {contentAddress} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import {messageSeverity} from '../model/report.ts'
import type {BasisPart} from '../plan/judge-state.ts'
import type {RenderContext} from '../plan/render-request.ts'
import {selectJobs} from '../plan/select-jobs.ts'
import {sourcesAddress} from '../providers/draft-provider.ts'
import {type Manifest, readManifest} from '../store/manifest.ts'
import {type BookContext, stalePartsOf} from './build-book.ts'
import {chooseProvider, type ProviderChoice, type SpendingFlags} from './build-settings.ts'
import {UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {
  hasErrors,
  kindSettings,
  type LoadedOutline,
  type LoadedProject,
  loadOutline,
  loadProject,
} from './load-course.ts'
import {findBooks, openProject, type Project, refuseTrackedState} from './project.ts'

/** The books that a command is about, with all that they share. */
export interface OpenBooks {
  readonly project: Project
  readonly config: Config
  readonly shared: LoadedProject
  readonly books: readonly LoadedOutline[]
  /** Files with messages: config, templates and outlines. */
  readonly files: readonly VFile[]
}

/** Opens config, templates, sources and outlines. Faults of the config or a template are in `files`. */
export async function openBooks(
  outlines: readonly string[],
  options: GlobalOptions & {readonly out?: string},
): Promise<OpenBooks> {
  const first = outlines[0] === undefined ? undefined : resolve(options.cwd, outlines[0])
  const project = await openProject(options, first)
  const config = project.config ?? {}
  const targets = await findBooks(outlines, project, options)
  const root = project.root ?? targets[0]?.root ?? options.cwd
  const shared = await loadProject(root, config)
  const books: LoadedOutline[] = []
  for (const target of targets) books.push(await loadOutline(target, config, shared.notes, options.cwd))
  const files = [
    ...(project.configFile === undefined ? [] : [project.configFile]),
    ...shared.files,
    ...books.map(({file}) => file),
  ]
  return {project, config, shared, books, files}
}

/** Refuses what cannot be built: errors in config, templates or outlines, and outlines without directives. */
export function refuseUnbuildable(open: OpenBooks, cwd: string): void {
  if (open.project.config === undefined || hasErrors(open.files)) {
    const count = open.files.reduce(
      (sum, file) => sum + file.messages.filter((message) => messageSeverity(message) === 'error').length,
      0,
    )
    throw new UsageError(
      'check-failed',
      `Cannot build: ${count} ${count === 1 ? 'error' : 'errors'} above, nothing was sent or written; \`msk-course check\` lists them`,
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

/** Who writes a book: chosen from flags, config and the book's own record. */
export async function providerFor(
  book: LoadedOutline,
  flags: SpendingFlags,
  config: Config,
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<{choice: ProviderChoice; manifest: Manifest | undefined}> {
  const manifest = await readManifest(book.target.outputFolder)
  return {choice: chooseProvider(flags, config, manifest?.record, env, cwd), manifest}
}

/** What a book is judged and built with. */
export function bookContext(
  open: OpenBooks,
  loaded: LoadedOutline,
  choice: Pick<ProviderChoice, 'endpoint' | 'model'>,
  usesModel: boolean,
  extra: {readonly refresh?: ReadonlySet<BasisPart>; readonly section?: string} = {},
): BookContext {
  const {config, shared} = open
  const {temperature, topP, seed, maxTokens} = config
  const render: RenderContext = {
    prompts: shared.prompts,
    metadata: loaded.outline.metadata,
    chapterTitles: chapterTitles(loaded),
    kinds: kindSettings(config),
    endpoint: choice.endpoint,
    model: choice.model,
    sampling: {
      ...(temperature === undefined ? {} : {temperature}),
      ...(topP === undefined ? {} : {topP}),
      ...(seed === undefined ? {} : {seed}),
    },
    ...(maxTokens === undefined ? {} : {maxTokens}),
  }
  const only = extra.section === undefined ? undefined : selectInBook(extra.section, open, loaded)
  return {
    loaded,
    project: shared,
    render,
    sources: shared.notes.length === 0 ? contentAddress(['sources', []]) : sourcesAddress(shared.notes),
    usesModel,
    staleParts: stalePartsOf(config.rebuild),
    refresh: extra.refresh ?? new Set(),
    ...(only === undefined ? {} : {only}),
  }
}

/** Titles of the chapters: the sections of the shallowest depth that the outline has. */
function chapterTitles({outline}: LoadedOutline): string[] {
  const sections = outline.sections.filter(({depth}) => depth > 0)
  const top = sections.reduce((least, {depth}) => Math.min(least, depth), 6)
  return sections.filter(({depth}) => depth === top).map(({title}) => title)
}

/** Ids that a selector names in one book; a `BOOK:` before it leaves the others out. */
function selectInBook(selector: string, open: OpenBooks, loaded: LoadedOutline): Set<JobId> {
  const names = open.books.map(({target}) => target.name)
  const prefix = names.find((name) => selector.startsWith(`${name}:`))
  if (prefix !== undefined && prefix !== loaded.target.name) return new Set()
  if (prefix === undefined && open.books.length > 1) {
    throw new UsageError(
      'ambiguous-selector',
      `Unexpected selector \`${selector}\` for ${names.length} books, expected \`BOOK:${selector}\` with one of ${names.join(', ')}`,
    )
  }
  const own = prefix === undefined ? selector : selector.slice(prefix.length + 1)
  const {ids, nearest} = selectJobs(own, loaded.plan)
  if (ids.length === 0) {
    const hint =
      nearest.length === 0
        ? '`msk-course list` shows all ids'
        : `the nearest are ${nearest.map((id) => `\`${id}\``).join(', ')}`
    throw new UsageError(
      'no-match',
      `Unexpected selector \`${selector}\`, expected one that matches a directive; ${hint}`,
    )
  }
  return new Set(ids)
}
