import {existsSync, readFileSync} from 'node:fs'
import {dirname, isAbsolute, join, relative, resolve} from 'node:path'
import {VFile} from 'vfile'
import {checkOutline} from '../check/check-outline.ts'
import type {Config} from '../config/config-schema.ts'
import {loadBibliography} from '../config/load-bibliography.ts'
import {loadPrompts} from '../config/load-prompts.ts'
import {loadSources, type SourceNote} from '../config/load-sources.ts'
import type {Bibliography} from '../model/bibliography.ts'
import type {DirectiveKind, Plan} from '../model/job.ts'
import {nearestNames} from '../model/nearest.ts'
import type {OtherBooks} from '../model/other-book.ts'
import type {PromptSet} from '../model/prompt-template.ts'
import {applyRuleSettings, messageSeverity, report} from '../model/report.ts'
import {type PlanOptions, planJobs} from '../plan/plan-jobs.ts'
import type {KindSettings} from '../plan/render-request.ts'
import {TemplateEngine} from '../plan/template-engine.ts'
import {type ParseOptions, parseOutline} from '../syntax/parse-outline.ts'
import type {ParsedOutline} from '../syntax/parsed-outline.ts'
import {parseWordBounds} from '../syntax/read-attributes.ts'
import {CourseSources} from './course-sources.ts'
import {UsageError} from './exit-codes.ts'
import {checkImages} from './outline-images.ts'
import {type BookTarget, displayPath, readable} from './project.ts'

/** A book's outline as read, with the messages about it. */
export interface ReadOutline {
  readonly target: BookTarget
  readonly file: VFile
  readonly outline: ParsedOutline
  /** A companion's outline as its template gives it, which its file is to hold; absent for an author's own. */
  readonly rendered?: string
}

/** A book's outline, read and planned, with the messages about it. */
export interface LoadedOutline extends ReadOutline {
  readonly plan: Plan
  /** The other books of the project whose texts its directives read. */
  readonly reads: readonly LoadedOutline[]
  /** The numbered sources that its texts may cite. */
  readonly bibliography?: Bibliography
}

/** What all books of a project share. */
export interface LoadedProject {
  readonly prompts: PromptSet
  readonly engine: TemplateEngine
  readonly notes: readonly SourceNote[]
  /** The numbered sources; undefined where the course has none. */
  readonly bibliography?: Bibliography
  /** What requests and drafts rest on. */
  readonly sources: CourseSources
  /** Templates and bibliography with messages. */
  readonly files: readonly VFile[]
}

/** Largest outline that is read. */
const maxOutlineBytes = 64 * 1024 * 1024

/** Reads an outline's file; what is irregular in it becomes messages of the file. */
export async function readOutlineFile(target: BookTarget, config: Config, cwd: string): Promise<ReadOutline> {
  const shown = displayPath(target.outlinePath, cwd)
  const bytes = await readable(shown, async () => readFileSync(target.outlinePath))
  if (bytes.length === 0)
    throw new UsageError(
      'empty-file',
      `Unexpected empty file \`${shown}\`, expected an outline with \`<prompt>\` directives`,
    )
  if (bytes.length > maxOutlineBytes)
    throw new UsageError(
      'too-large',
      `Unexpected size of \`${shown}\`, expected at most ${maxOutlineBytes / 1024 / 1024} MB`,
    )
  if (isBinary(bytes))
    throw new UsageError(
      'binary-file',
      `Unexpected binary file \`${shown}\`, expected a Markdown outline in UTF-8; \`check --fix-encoding\` rewrites one in UTF-16`,
    )
  const file = new VFile({path: shown, value: bytes})
  return {target, file, outline: parseOutline(file, readOptions(config).parse)}
}

/** Plans and checks an outline; problems are messages of its file. */
export function planOutline(
  read: ReadOutline,
  config: Config,
  {notes, bibliography}: Pick<LoadedProject, 'notes' | 'bibliography'>,
  {others, reads = []}: {readonly others?: OtherBooks; readonly reads?: readonly LoadedOutline[]} = {},
): LoadedOutline {
  const {target, file, outline} = read
  const plan = planJobs(outline, file, {...readOptions(config).plan, ...(others === undefined ? {} : {others})})
  checkOutline(outline, file, {
    sourceNames: new Set(notes.map(({name}) => name)),
    ...(bibliography === undefined ? {} : {sourceNumbers: new Set(bibliography.entries.map(({number}) => number))}),
  })
  checkImages(outline, file, dirname(target.outlinePath))
  applyRuleSettings(file, config.rules ?? {})
  sortMessages(file)
  return {...read, plan, reads, ...(bibliography === undefined ? {} : {bibliography})}
}

/** Puts the messages of a file in the order of their places. */
export function sortMessages(file: VFile): void {
  file.messages.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
}

/** How a project's outlines are read. */
export function readOptions(config: Config): {readonly parse: ParseOptions; readonly plan: PlanOptions} {
  return {
    parse: {tagNames: config.tags ?? []},
    plan: {
      ...(config.levels === undefined ? {} : {levels: config.levels}),
      ...(config.context === undefined ? {} : {context: config.context}),
      kindContexts: settingsOf(config, 'context'),
      kindTitles: settingsOf(config, 'titles'),
    },
  }
}

/** Whether a file is no text at all: it holds NUL and is no UTF-8, or is UTF-16. */
function isBinary(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 8192)
  if (!head.includes(0)) return false
  try {
    const text = new TextDecoder('utf-8', {fatal: true}).decode(head, {stream: true})
    return text.split('\0').length > text.length / 16
  } catch {
    // No UTF-8, and it holds NUL: an image, an archive, a document of another program.
    return true
  }
}

/** Reads templates, sources and bibliography of a project and checks templates and bibliography. */
export async function loadProject(root: string, config: Config, cwd: string): Promise<LoadedProject> {
  if (config.style !== undefined && /\.md$/i.test(config.style)) {
    const below = relative(root, resolve(root, config.style))
    if (below.startsWith('..') || isAbsolute(below) || !existsSync(join(root, below))) {
      throw new UsageError(
        'invalid-config',
        `Unexpected \`style: ${config.style}\`, expected a text, or a file below the project`,
      )
    }
  }
  const {prompts, files} = await readable(join(root, 'prompts'), () => loadPrompts(root, config.style))
  const leftOut: VFile[] = []
  const leaveOut = (name: string, found: string, expected: string): void => {
    const file = new VFile({path: displayPath(join(root, 'sources', name), cwd)})
    report(file, 'unread-note', `Unexpected ${found}, expected ${expected}; this note is left out`)
    leftOut.push(file)
  }
  const notes = await readable(join(root, 'sources'), () => loadSources(root, leaveOut))
  const noteNames = notes.map(({name}) => name)
  const listed = await readable(join(root, 'sources'), () => loadBibliography(root, noteNames))
  if (listed.file !== undefined) listed.file.path = displayPath(listed.file.path, cwd)
  const engine = new TemplateEngine()
  const checked = [...files, ...(listed.file === undefined ? [] : [listed.file]), ...leftOut]
  for (const template of prompts.templates.values()) {
    // Those that ship with the program are checked by its tests.
    if (template.isShipped) continue
    const file = checked.find(({path}) => path === template.path) ?? new VFile({path: template.path})
    engine.check(template, file)
    if (file.messages.length > 0 && !checked.includes(file)) checked.push(file)
  }
  for (const [kind, {template}] of Object.entries(config.kinds ?? {})) {
    if (template === undefined || prompts.templates.has(template)) continue
    const nearest = nearestNames(template, prompts.templates.keys(), 1)
    const hint = nearest[0] === undefined ? `one of ${[...prompts.templates.keys()].join(', ')}` : `\`${nearest[0]}\``
    throw new UsageError(
      'invalid-config',
      `Unexpected template \`${template}\` for \`kinds.${kind}\`, expected ${hint} in \`prompts/\``,
    )
  }
  const {bibliography} = listed
  const sources = await CourseSources.open(root, notes, bibliography)
  return {prompts, engine, notes, sources, files: checked, ...(bibliography === undefined ? {} : {bibliography})}
}

/** Settings per kind of the config, in the form that rendering takes. */
export function kindSettings(config: Config): Partial<Record<DirectiveKind, KindSettings>> {
  const settings: Partial<Record<DirectiveKind, KindSettings>> = {}
  for (const [kind, own] of Object.entries(config.kinds ?? {})) {
    const words = own.words === undefined ? undefined : parseWordBounds(own.words)
    settings[kind as DirectiveKind] = {
      ...(own.template === undefined ? {} : {template: own.template}),
      ...(words === undefined ? {} : {words}),
      ...(own.model === undefined ? {} : {model: own.model}),
      ...(own.maxTokens === undefined ? {} : {maxTokens: own.maxTokens}),
      ...(own.temperature === undefined ? {} : {temperature: own.temperature}),
      ...(own.contextTokens === undefined ? {} : {contextTokens: own.contextTokens}),
      ...(own.sourceTokens === undefined ? {} : {sourceTokens: own.sourceTokens === 'none' ? 0 : own.sourceTokens}),
    }
  }
  return settings
}

type KindConfig = NonNullable<NonNullable<Config['kinds']>[DirectiveKind]>

/** One setting of every kind that the config gives it for. */
function settingsOf<Key extends keyof KindConfig>(
  config: Config,
  key: Key,
): Partial<Record<DirectiveKind, NonNullable<KindConfig[Key]>>> {
  const settings: Partial<Record<DirectiveKind, NonNullable<KindConfig[Key]>>> = {}
  for (const [kind, own] of Object.entries(config.kinds ?? {})) {
    const value = own[key]
    if (value !== undefined) settings[kind as DirectiveKind] = value
  }
  return settings
}

/** Whether any of the files has an error. */
export function hasErrors(files: Iterable<VFile>): boolean {
  for (const file of files) if (file.messages.some((message) => messageSeverity(message) === 'error')) return true
  return false
}
