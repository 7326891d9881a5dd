import {parseDocument, stringify} from 'yaml'
import {z} from 'zod'
import type {FinishReason, ProviderName, Usage} from '../model/completion.ts'
import {type ContentAddress, normaliseLineEnds} from '../model/content-address.ts'
import type {Basis, JobId} from '../model/job.ts'
import {addressSchema, completionFacts} from './completion-facts.ts'
import {readRegularYaml, writeRegularYaml} from './regular-yaml.ts'

/** Front matter of a section file: which directive it is for and what made its text. */
export interface SectionRecord {
  readonly directive: JobId
  /** Address of the planned request, the key of the store. */
  readonly request: ContentAddress
  readonly basis: Basis
  /** Address of the raw completion in the store. */
  readonly completion: ContentAddress
  /** Address of the text as the program wrote it. */
  readonly text: ContentAddress
  readonly provider: ProviderName
  readonly model: string
  readonly finish: FinishReason
  readonly usage: Usage
  /** ISO 8601. */
  readonly generated: string
}

export interface SectionFile {
  /** Path below `sections/`. */
  readonly path: string
  /** Undefined where the front matter is missing or cannot be read: the author's own file. */
  readonly record: SectionRecord | undefined
  /** Keys of the front matter that the program does not know; they are kept. */
  readonly extra: Readonly<Record<string, unknown>>
  /** Markdown, LF line ends, without blank lines around it. */
  readonly body: string
  /** The whole file as it was read or written. */
  readonly source: string
  /** Why the file cannot be used as it is: front matter of the program's that is broken, or a merge that was not ended. */
  readonly problem?: SectionProblem
}

/** What is wrong with a section file. */
export interface SectionProblem {
  /** In words that follow a colon. */
  readonly reason: string
  /** Line of the file, from 1. */
  readonly line: number
}

const recordSchema = z.object({
  directive: z.string(),
  request: addressSchema,
  basis: z.object({
    prompt: addressSchema,
    template: addressSchema,
    style: addressSchema,
    model: z.string(),
    sources: addressSchema.optional(),
    upstream: z.record(z.string(), addressSchema).optional(),
  }),
  ...completionFacts,
  text: addressSchema,
})

const knownKeys = new Set(Object.keys(recordSchema.shape))

/** Reads a section file; whatever an author made of it, its text is kept. */
export function parseSectionFile(path: string, content: string): SectionFile {
  const text = normaliseLineEnds(content.replace(/^\ufeff/, ''))
  const match = /^---[ \t]*\n([^]*?\n)?---[ \t]*(?:\n|$)/.exec(text)
  const values = match === null ? undefined : readYaml(match[1] ?? '')
  const problem = findProblem(text, match?.[1], values)
  if (problem !== undefined) return {path, record: undefined, extra: {}, body: text.trimEnd(), source: content, problem}
  if (match === null || values === undefined)
    return {path, record: undefined, extra: {}, body: trimBlankLines(text), source: content}
  const parsed = recordSchema.safeParse(values)
  const extra = Object.fromEntries(Object.entries(values).filter(([key]) => !knownKeys.has(key)))
  const body = trimBlankLines(text.slice(match[0].length))
  return {
    path,
    record: parsed.success ? (parsed.data as unknown as SectionRecord) : undefined,
    extra,
    body,
    source: content,
  }
}

/** Line of the file at which its text begins, from 1. */
export function firstBodyLine({source, body}: Pick<SectionFile, 'source' | 'body'>): number {
  const text = normaliseLineEnds(source).trimEnd()
  return text.slice(0, text.length - body.length).split('\n').length
}

/**
 * The file's content: front matter in a fixed order, a blank line, the text, a line end. Without a record, as for the
 * author's own file, `extra` is all of the front matter.
 */
export function formatSectionFile(
  record: SectionRecord | undefined,
  body: string,
  extra: Readonly<Record<string, unknown>> = {},
): string {
  const front = record === undefined ? extra : {...frontOf(record), ...extra}
  return `---\n${writeRegularYaml(front) ?? stringify(front, {lineWidth: 0})}---\n\n${body}\n`
}

function frontOf(record: SectionRecord): Record<string, unknown> {
  const {directive, request, completion, text, provider, model, finish, usage, generated} = record
  return {
    directive,
    request,
    basis: orderedBasis(record.basis),
    completion,
    text,
    provider,
    model,
    finish,
    usage,
    generated,
  }
}

/** However a basis came about, its parts stand in one order: writing a file again changes no line but for what is new. */
function orderedBasis({prompt, template, style, sources, upstream, model}: Basis): Basis {
  return {
    prompt,
    template,
    style,
    ...(sources === undefined ? {} : {sources}),
    ...(upstream === undefined ? {} : {upstream}),
    model,
  }
}

function findProblem(text: string, front: string | undefined, values: object | undefined): SectionProblem | undefined {
  const conflict = /^>{7} /m.test(text) ? /^<{7} /m.exec(text) : null
  if (conflict !== null) {
    const line = text.slice(0, conflict.index).split('\n').length
    return {reason: 'it holds the marks of a merge that was not ended', line}
  }
  if (values !== undefined || front === undefined || !/^(?:directive|request|completion):/m.test(front))
    return undefined
  const [fault] = parseDocument(front, {uniqueKeys: true, prettyErrors: false}).errors
  // The front matter begins in the second line.
  const line = front.slice(0, fault?.pos[0] ?? 0).split('\n').length + 1
  return {reason: 'its front matter is no YAML', line}
}

function readYaml(source: string): Record<string, unknown> | undefined {
  const regular = readRegularYaml(source)
  if (regular !== undefined) return regular
  const document = parseDocument(source, {uniqueKeys: true, prettyErrors: false})
  if (document.errors.length > 0) return undefined
  let values: unknown
  try {
    values = document.toJS({maxAliasCount: 0})
  } catch {
    // Aliases, which the program never writes: the author's own front matter.
    return undefined
  }
  return typeof values === 'object' && values !== null && !Array.isArray(values)
    ? (values as Record<string, unknown>)
    : undefined
}

function trimBlankLines(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, '').trimEnd()
}
