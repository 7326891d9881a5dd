import {type ContentAddress, contentAddress} from '../model/content-address.ts'
import type {WordBounds} from '../model/directive.ts'
import type {Basis, Job, JobId} from '../model/job.ts'
import type {BookMetadata} from '../model/outline.ts'
import type {PromptSet, PromptTemplate} from '../model/prompt-template.ts'
import type {Request, Sampling} from '../model/request.ts'
import type {SourceExcerpt} from '../model/source-excerpt.ts'
import {defaultContextTokens} from './fit-upstream.ts'
import {formatSources, sourceRules} from './format-sources.ts'
import type {TemplateEngine} from './template-engine.ts'

/** Tokens of passages of the sources in one request where the config names no other number. */
const defaultSourceTokens = 2000

/** Kinds that state no facts of their own: they get passages only where the config or the directive asks for them. */
const kindsWithoutSources: ReadonlySet<string> = new Set(['cross-reference', 'objectives', 'reflection'])

/** Settings of the config for a kind of directive. */
export interface KindSettings {
  readonly template?: string
  readonly words?: WordBounds
  readonly model?: string
  readonly maxTokens?: number
  readonly temperature?: number
  readonly contextTokens?: number
  /** Tokens of passages of the sources in a request; 0 for none. */
  readonly sourceTokens?: number
}

/** What turns jobs into requests; the same for every job of a book. */
export interface RenderContext {
  readonly prompts: PromptSet
  readonly metadata: BookMetadata
  readonly chapterTitles: readonly string[]
  /** The outline's headings as a nested Markdown list, within limits. */
  readonly headings: string
  readonly kinds: Readonly<Partial<Record<string, KindSettings>>>
  readonly endpoint: string
  readonly model: string
  readonly sampling: Sampling
  readonly maxTokens?: number
  /** Tokens of the texts that a request may read; default 48,000. */
  readonly contextTokens?: number
  /** Tokens of passages of the sources in a request; default 2,000, 0 for none. */
  readonly sourceTokens?: number
  /** Whether the book is made from the texts of others, and from sources only where that is asked for. */
  readonly isDerived?: boolean
}

/** A text that a job reads. */
export interface UpstreamText {
  readonly id: JobId
  readonly title: string
  readonly text: string
  /** Address of the raw completion, or of the text where the author edited it. */
  readonly address: ContentAddress
  /** Whether it is, whole, the text that the store has under that address. */
  readonly isStored?: boolean
}

/**
 * The request for a job, with the upstream texts as they are given. The directive's value stands in it as one
 * uninterrupted string; `notes` are what its author asked of earlier texts, `excerpt` is what the sources say to it:
 * without one the request is that of a course without sources.
 */
export function renderRequest(
  job: Job,
  upstream: readonly UpstreamText[],
  context: RenderContext,
  engine: TemplateEngine,
  notes: readonly string[] = [],
  excerpt?: SourceExcerpt,
): Request {
  const {system, own, words} = templatesOf(job, context)
  const values = {
    prompt: job.directive.value,
    kind: job.kind,
    container: job.directive.container,
    label: job.directive.label ?? null,
    title: job.headingPath.at(-1) ?? '',
    path: job.headingPath,
    siblings: job.siblingTitles,
    upstream: upstream.map(({title, text}) => ({title, text})),
    sources: formatSources(excerpt),
    style: context.prompts.style,
    words: words ?? null,
    course: courseOf(context),
  }
  const rendered = engine.render(own, values)
  // A template of somebody's own may know nothing of sources.
  const hasPlace = values.sources === '' || engine.names(own, 'sources')
  const user = hasPlace ? rendered : `${values.sources}\n\n${rendered}`
  if (!user.includes(job.directive.value)) {
    throw new Error(
      `Cannot render \`${own.path}\`, expected \`{{ prompt }}\` in it, so that the directive reaches the model`,
    )
  }
  const maxTokens =
    job.directive.attributes.maxTokens ??
    context.kinds[job.kind]?.maxTokens ??
    own.settings.maxTokens ??
    context.maxTokens
  const temperature = context.kinds[job.kind]?.temperature ?? own.settings.temperature ?? context.sampling.temperature
  const topP = own.settings.topP ?? context.sampling.topP
  return {
    endpoint: context.endpoint,
    model: modelOf(job, context),
    messages: [
      {role: 'system', content: withRules(engine.render(system, values), excerpt)},
      {role: 'user', content: withNotes(user, notes)},
    ],
    sampling: {
      ...(temperature === undefined ? {} : {temperature}),
      ...(topP === undefined ? {} : {topP}),
      ...(context.sampling.seed === undefined ? {} : {seed: context.sampling.seed}),
    },
    limits: maxTokens === undefined ? {} : {maxTokens},
  }
}

/** Address of what an author asks for in a directive: its text and those attributes that change what is asked. */
export function promptAddress({directive}: Pick<Job, 'directive'>): ContentAddress {
  const known = promptAddresses.get(directive)
  if (known !== undefined) return known
  const {maxTokens, words, sources} = directive.attributes
  const address = contentAddress({part: 'prompt', value: directive.value, words, maxTokens, sources})
  promptAddresses.set(directive, address)
  return address
}

/** Of directives, which never change: matching, requests, records and judgements all ask. */
const promptAddresses = new WeakMap<Job['directive'], ContentAddress>()

/** What templates may say of the course: one object for all requests of a context, which templates know it by. */
const courses = new WeakMap<RenderContext, Readonly<Record<string, unknown>>>()

function courseOf(context: RenderContext): Readonly<Record<string, unknown>> {
  const known = courses.get(context)
  if (known !== undefined) return known
  const {metadata, chapterTitles, headings} = context
  const {title = '', subtitle = '', description = '', language = ''} = metadata
  const course = {title, subtitle, description, language, chapters: chapterTitles, headings}
  courses.set(context, course)
  return course
}

function withRules(system: string, excerpt: SourceExcerpt | undefined): string {
  const rules = sourceRules(excerpt)
  return rules === '' ? system : `${system}\n\n${rules}`
}

/** Notes go with the directive's own message: some servers refuse two messages of one role in a row. */
function withNotes(user: string, notes: readonly string[]): string {
  if (notes.length === 0) return user
  const points = notes.map((note) => `- ${note.trim().replace(/\s*\n\s*/g, ' ')}`).join('\n')
  return `${user.trimEnd()}\n\nThe author's notes on earlier versions of this section, to be heeded:\n\n${points}\n`
}

/** Addresses of what decides whether a job's text is still wanted. What merely surrounds the directive is no part of it. */
export function basisOf(
  job: Job,
  upstream: readonly UpstreamText[],
  context: RenderContext,
  sources?: ContentAddress,
): Basis {
  return {
    prompt: promptAddress(job),
    ...partsOfKind(job, context),
    model: modelOf(job, context),
    ...(sources === undefined ? {} : {sources}),
    // A text that reads its chapter says so even where it found none, which tells it from one made before there were
    // default edges.
    ...(upstream.length === 0 && job.readsChapter !== true
      ? {}
      : {upstream: Object.fromEntries(upstream.map(({id, address}) => [id, address]))}),
  }
}

type KindParts = Pick<Basis, 'template' | 'style'>

const partsByKind = new WeakMap<RenderContext, Map<string, KindParts>>()

/** Addresses of what all jobs of one kind share, computed once per context. */
function partsOfKind(job: Job, context: RenderContext): KindParts {
  const known = partsByKind.get(context) ?? new Map<string, KindParts>()
  partsByKind.set(context, known)
  const found = known.get(job.kind)
  if (found !== undefined) return found
  const {system, own} = templatesOf(job, context)
  const settings = context.kinds[job.kind]
  const parts = {
    template: contentAddress({part: 'template', system: templateIdentity(system), own: templateIdentity(own)}),
    style: contentAddress({
      part: 'style',
      style: context.prompts.isStyleShipped ? 'shipped' : context.prompts.style,
      words: settings?.words,
      maxTokens: settings?.maxTokens ?? context.maxTokens,
      temperature: settings?.temperature,
      sampling: context.sampling,
    }),
  }
  known.set(job.kind, parts)
  return parts
}

/** Model for a job: its attribute, its kind's setting, else the course's. */
export function modelOf(job: Job, context: Pick<RenderContext, 'kinds' | 'model'>): string {
  return job.directive.attributes.model ?? context.kinds[job.kind]?.model ?? context.model
}

/** Length that a job's request asks for: its attribute, its kind's setting, else the template's. */
export function wordBoundsOf(job: Job, context: Pick<RenderContext, 'kinds' | 'prompts'>): WordBounds | undefined {
  return templatesOf(job, context).words
}

/** Length that the settings of a directive's kind give: the config's, else the template's. */
export function settingWords(
  {kind}: Pick<Job, 'kind'>,
  {kinds, prompts}: Pick<RenderContext, 'kinds' | 'prompts'>,
): WordBounds | undefined {
  const settings = kinds[kind]
  const own = prompts.templates.get(settings?.template ?? kind) ?? prompts.templates.get('section')
  return settings?.words ?? own?.settings.words
}

/** Tokens of passages that a job's request may hold: its kind's setting, else the course's; 0 for none. */
export function sourceTokensOf(job: Job, context: Pick<RenderContext, 'kinds' | 'sourceTokens' | 'isDerived'>): number {
  const own = context.kinds[job.kind]?.sourceTokens
  if (own !== undefined) return own
  const isWithout = context.isDerived === true || kindsWithoutSources.has(job.kind)
  return isWithout && job.directive.attributes.sources === undefined ? 0 : (context.sourceTokens ?? defaultSourceTokens)
}

/** Tokens of upstream texts that a job's request may hold: its kind's setting, else the course's. */
export function contextTokensOf(job: Job, context: Pick<RenderContext, 'kinds' | 'contextTokens'>): number {
  return context.kinds[job.kind]?.contextTokens ?? context.contextTokens ?? defaultContextTokens
}

/** What stands for a template in a basis: its content, or its name where it ships with the program. */
function templateIdentity({name, body, settings, isShipped}: PromptTemplate): unknown {
  return isShipped ? ['shipped', name] : [body, settings]
}

function templatesOf(
  job: Job,
  context: Pick<RenderContext, 'kinds' | 'prompts'>,
): {system: PromptTemplate; own: PromptTemplate; words: WordBounds | undefined} {
  const {templates} = context.prompts
  const settings = context.kinds[job.kind]
  const own = templates.get(settings?.template ?? job.kind) ?? templates.get('section')
  const system = templates.get('system')
  if (own === undefined || system === undefined)
    throw new Error('Cannot render a request, expected the templates `system` and `section`')
  return {own, system, words: job.directive.attributes.words ?? settings?.words ?? own.settings.words}
}
