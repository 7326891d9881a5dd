import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {addressSchema} from './completion-facts.ts'
import {type CompletionStore, readIfThere} from './completion-store.ts'
import {holderSchema, isAlive} from './output-lock.ts'
import type {LoggedIntent} from './run-log.ts'

/** What is left of a run that was cut off. */
export interface CutOffRun {
  /** The files of its log, oldest first. */
  readonly paths: readonly string[]
  /** ISO 8601. */
  readonly since: string
  /** Requests of which nobody knows whether they were billed. */
  readonly inDoubt: readonly LoggedIntent[]
  /** Completions that stood in the log alone and are in the store now. */
  readonly recovered: number
}

const lineSchema = z.union([
  z.object({type: z.literal('run'), holder: holderSchema}),
  z.object({
    type: z.literal('intent'),
    number: z.int(),
    at: z.string(),
    id: z.string(),
    request: addressSchema,
    model: z.string(),
    attempt: z.int(),
    inputTokens: z.number(),
    outputTokens: z.number(),
  }),
  z.object({type: z.literal('end'), number: z.int(), ending: z.enum(['stored', 'free', 'billed', 'in-doubt'])}),
  z.object({
    type: z.literal('text'),
    number: z.int(),
    request: addressSchema,
    text: z.string(),
    line: z.string(),
    messages: z.array(z.object({address: addressSchema, text: z.string()})),
  }),
  z.object({type: z.literal('filed'), number: z.int()}),
])

type LogLine = z.infer<typeof lineSchema>

/**
 * Runs below `folder` whose process is gone, with what they left in doubt: sent, and neither stored nor known to be free.
 * Completions that only their logs hold are put into the store first.
 */
export async function readCutOffRuns(
  folder: string,
  store: Pick<CompletionStore, 'list' | 'restore'>,
): Promise<CutOffRun[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
  const parts = new Map<string, {readonly name: string; readonly part: number}[]>()
  for (const name of names) {
    const [, run, part = '1'] = /^([^.]+)(?:\.(\d+))?\.jsonl$/.exec(name) ?? []
    if (run === undefined) continue
    parts.set(run, [...(parts.get(run) ?? []), {name, part: Number(part)}])
  }
  const runs: CutOffRun[] = []
  for (const [, files] of [...parts].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const paths = files.sort((one, other) => one.part - other.part).map(({name}) => join(folder, name))
    const run = await readRun(paths, store)
    if (run !== undefined) runs.push(run)
  }
  return runs
}

async function readRun(
  paths: readonly string[],
  store: Pick<CompletionStore, 'list' | 'restore'>,
): Promise<CutOffRun | undefined> {
  const lines: LogLine[] = []
  for (const path of paths)
    lines.push(...((await readIfThere(path)) ?? '').split('\n').flatMap((line) => parseLine(line) ?? []))
  const holder = lines.find((line) => line.type === 'run')?.holder
  if (holder !== undefined && isAlive(holder)) return undefined
  const filed = new Set(lines.flatMap((line) => (line.type === 'filed' ? [line.number] : [])))
  let recovered = 0
  for (const line of lines)
    if (line.type === 'text' && !filed.has(line.number) && (await store.restore(line))) recovered++
  const ends = new Map(lines.flatMap((line) => (line.type === 'end' ? [[line.number, line.ending] as const] : [])))
  const inDoubt = new Map<number, LoggedIntent>()
  for (const line of lines) {
    if (line.type !== 'intent') continue
    const ending = ends.get(line.number)
    if (ending !== undefined && ending !== 'in-doubt') continue
    // The crash may have come between the completion and the note of it.
    const isStored = (await store.list(line.request)).entries.some(({generated}) => generated >= line.at)
    if (ending === undefined && isStored) continue
    const {type: _, number, at: __, ...intent} = line
    inDoubt.set(number, intent as LoggedIntent)
  }
  return {paths, since: holder?.since ?? 'an unknown time', inDoubt: [...inDoubt.values()], recovered}
}

function parseLine(line: string): LogLine | undefined {
  if (line.trim() === '') return undefined
  try {
    return lineSchema.safeParse(JSON.parse(line)).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
