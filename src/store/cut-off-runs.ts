import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {addressSchema} from './completion-facts.ts'
import type {JournalledText} from './completion-journal.ts'
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

/** The log of a run whose process is gone. */
interface CutOffLog {
  readonly paths: readonly string[]
  readonly since: string
  readonly lines: readonly LogLine[]
}

/**
 * Runs below `folder` whose process is gone, with what they left in doubt: sent, and neither stored nor known to be free.
 * Completions that only their logs hold are put into the store first.
 */
export async function readCutOffRuns(
  folder: string,
  store: Pick<CompletionStore, 'list' | 'restore'>,
): Promise<CutOffRun[]> {
  const runs: CutOffRun[] = []
  for (const log of await readLogs(folder)) runs.push(await readRun(log, store))
  return runs
}

/** Completions that the logs of runs whose process is gone hold, and that may not be in the store. Changes nothing. */
export async function readLoggedTexts(folder: string): Promise<JournalledText[]> {
  return (await readLogs(folder)).flatMap(({lines}) => unfiledTexts(lines))
}

async function readLogs(folder: string): Promise<CutOffLog[]> {
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
  const logs: CutOffLog[] = []
  for (const [, files] of [...parts].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const paths = files.sort((one, other) => one.part - other.part).map(({name}) => join(folder, name))
    const lines: LogLine[] = []
    for (const path of paths)
      lines.push(...((await readIfThere(path)) ?? '').split('\n').flatMap((line) => parseLine(line) ?? []))
    const holder = lines.find((line) => line.type === 'run')?.holder
    if (holder === undefined || !isAlive(holder)) logs.push({paths, since: holder?.since ?? 'an unknown time', lines})
  }
  return logs
}

function unfiledTexts(lines: readonly LogLine[]): JournalledText[] {
  const filed = new Set(lines.flatMap((line) => (line.type === 'filed' ? [line.number] : [])))
  return lines.flatMap((line) => (line.type === 'text' && !filed.has(line.number) ? [line] : []))
}

async function readRun(
  {paths, since, lines}: CutOffLog,
  store: Pick<CompletionStore, 'list' | 'restore'>,
): Promise<CutOffRun> {
  let recovered = 0
  for (const text of unfiledTexts(lines)) if (await store.restore(text)) recovered++
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
  return {paths, since, inDoubt: [...inDoubt.values()], recovered}
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
