import type {Basis, Job} from '../model/job.ts'
import {isOfOtherBook} from '../model/other-book.ts'

/** How a directive's text stands to what is wanted now. */
export type JobState = 'fresh' | 'stale' | 'drifted' | 'missing' | 'failed'

/** What may have changed since a text was made. */
export type BasisPart = 'prompt' | 'template' | 'style' | 'model' | 'sources' | 'upstream' | 'draft'

export interface Judgement {
  readonly state: JobState
  /** In words, one per part that changed. */
  readonly reasons: readonly string[]
  readonly parts: readonly BasisPart[]
}

/** Parts whose change makes a text stale; the others let it drift. */
export const staleParts: ReadonlySet<BasisPart> = new Set(['prompt', 'template', 'style', 'draft'])

/** What a section file says of the text it holds, as far as it is judged. */
export interface TextFacts {
  readonly basis: Basis
  readonly isDraft: boolean
}

export interface JudgeOptions {
  /** Whether the build uses a model, which makes every draft stale. */
  readonly usesModel: boolean
  readonly staleParts?: ReadonlySet<BasisPart>
}

/** What is known of the texts that a job reads, beside their addresses. */
export interface UpstreamFacts {
  /** Whether it reads its chapter by default: a text that is older than default edges is then not held against them. */
  readonly readsChapter?: boolean
  /** Jobs that it reads and that have no text now. */
  readonly lacking?: ReadonlySet<string>
}

/** Of a directive that has no text. */
export const missing: Judgement = {state: 'missing', reasons: ['no text yet'], parts: []}

/** State of a job's text (contract, F3): compares what it was made from with what is wanted now. */
export function judgeState(
  wanted: Basis,
  text: TextFacts,
  options: JudgeOptions,
  reads: UpstreamFacts = {},
): Judgement {
  const changed: {part: BasisPart; reason: string}[] = []
  const {basis} = text
  if (basis.prompt !== wanted.prompt) changed.push({part: 'prompt', reason: 'the prompt changed'})
  if (text.isDraft && options.usesModel) {
    changed.push({part: 'draft', reason: 'it is a draft and a model is in use'})
  } else {
    if (basis.template !== wanted.template) changed.push({part: 'template', reason: 'the template changed'})
    if (basis.style !== wanted.style) changed.push({part: 'style', reason: 'the style or its settings changed'})
    if (!text.isDraft && wanted.model !== '' && basis.model !== wanted.model) {
      changed.push({part: 'model', reason: `the model changed from \`${basis.model}\` to \`${wanted.model}\``})
    }
    if (wanted.sources !== undefined && basis.sources !== undefined && basis.sources !== wanted.sources) {
      changed.push({part: 'sources', reason: 'the sources changed'})
    }
    const upstream = text.isDraft
      ? changedUpstream(readOfOthers(basis), readOfOthers(wanted), {...reads, readsChapter: false})
      : changedUpstream(basis, wanted, reads)
    if (upstream.length > 0) {
      const noun = upstream.length === 1 ? 'text it reads' : 'texts it reads'
      changed.push({part: 'upstream', reason: `${upstream.length} ${noun} changed: ${upstream.join(', ')}`})
    }
  }
  const stale = options.staleParts ?? staleParts
  const state = changed.some(({part}) => stale.has(part)) ? 'stale' : changed.length > 0 ? 'drifted' : 'fresh'
  return {state, reasons: changed.map(({reason}) => reason), parts: changed.map(({part}) => part)}
}

/** Of what a text reads, that of other books: a draft reads no other text of its own. */
function readOfOthers({upstream = {}}: Basis): Pick<Basis, 'upstream'> {
  return {upstream: Object.fromEntries(Object.entries(upstream).filter(([id]) => isOfOtherBook(id)))}
}

/** Ids of upstream texts that are not those that a text was made from. */
function changedUpstream(
  was: Pick<Basis, 'upstream'>,
  wanted: Pick<Basis, 'upstream'>,
  {readsChapter, lacking}: UpstreamFacts,
): string[] {
  if (was.upstream === undefined && readsChapter === true) return []
  const before = was.upstream ?? {}
  const now = wanted.upstream ?? {}
  const isSame = (id: string): boolean => before[id] === now[id]
  // Mostly nothing has changed.
  const ids = Object.keys(now)
  if (Object.keys(before).length === ids.length && ids.every(isSame)) return []
  // A renamed section has another id and the same text: what matters is the text.
  const gone = new Map<string, string[]>()
  for (const [id, address] of Object.entries(before)) {
    // Of a text that is missing nobody can say whether it changed.
    if (isSame(id) || lacking?.has(id) === true) continue
    const own = gone.get(address)
    if (own === undefined) gone.set(address, [id])
    else own.push(id)
  }
  const come = Object.entries(now).filter(([id, address]) => !isSame(id) && gone.get(address)?.shift() === undefined)
  return [...new Set([...come.map(([id]) => id), ...[...gone.values()].flat()])].sort()
}

/** Matches jobs to section files (contract, F1): by id and prompt, then by prompt, then by id. Those in use come first. */
export function matchTexts<File extends {readonly id: string; readonly prompt: string; readonly isUsed: boolean}>(
  jobs: readonly Pick<Job, 'id'>[],
  promptOf: (job: Pick<Job, 'id'>) => string,
  files: readonly File[],
): Map<string, File> {
  const matched = new Map<string, File>()
  const free = new Set(files)
  const take = (job: Pick<Job, 'id'>, file: File): void => {
    matched.set(job.id, file)
    free.delete(file)
  }
  const byBoth = firstBy(files, (file) => `${file.id}\n${file.prompt}`)
  for (const job of jobs) {
    const file = byBoth.get(`${job.id}\n${promptOf(job)}`)
    if (file !== undefined && free.has(file)) take(job, file)
  }
  const byPrompt = groupBy([...free], ({prompt}) => prompt)
  const byPromptAndPart = groupBy([...free], ({prompt, id}) => `${lastPart(id)}\n${prompt}`)
  for (const job of jobs) {
    if (matched.has(job.id)) continue
    const prompt = promptOf(job)
    const best =
      takeFree(byPromptAndPart.get(`${lastPart(job.id)}\n${prompt}`), free) ?? takeFree(byPrompt.get(prompt), free)
    if (best !== undefined) take(job, best)
  }
  // A text that was put aside comes back for its prompt alone: by id it would be some other directive's.
  const byId = firstBy(
    [...free].filter(({isUsed}) => isUsed),
    ({id}) => id,
  )
  for (const job of jobs) {
    if (matched.has(job.id)) continue
    const file = byId.get(job.id)
    if (file !== undefined && free.has(file)) take(job, file)
  }
  return matched
}

function firstBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value> {
  const first = new Map<string, Value>()
  for (const value of values) if (!first.has(keyOf(value))) first.set(keyOf(value), value)
  return first
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}

/** Files by a key, the first ones last, so that they can be popped. */
function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>()
  for (const value of values.toReversed()) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}

/** The first of a group that is still free; those before it are popped, so that no group is passed twice. */
function takeFree<Value>(group: Value[] | undefined, free: ReadonlySet<Value>): Value | undefined {
  for (let value = group?.pop(); value !== undefined; value = group?.pop()) if (free.has(value)) return value
  return undefined
}
