import {join} from 'node:path'
import {z} from 'zod'
import {readIfThere} from './completion-store.ts'
import {writeWhole} from './write-whole.ts'

/** A link that led somewhere when it was asked for. */
export interface KnownLink {
  readonly state: 'ok' | 'moved'
  readonly detail: string
  /** ISO 8601. */
  readonly asked: string
}

const knownSchema = z.object({state: z.enum(['ok', 'moved']), detail: z.string(), asked: z.string()})
const fileSchema = z.object({version: z.literal(1), links: z.record(z.string(), knownSchema)})

function pathOf(root: string): string {
  return join(root, '.msk-course', 'links.json')
}

/** Links of a project that were asked for within `ageMs` before `nowMs`; none where the file cannot be read. */
export async function readKnownLinks(root: string, ageMs: number, nowMs: number): Promise<Map<string, KnownLink>> {
  const text = await readIfThere(pathOf(root))
  if (text === undefined) return new Map()
  let links: Readonly<Record<string, KnownLink>> = {}
  try {
    links = fileSchema.safeParse(JSON.parse(text)).data?.links ?? {}
  } catch (error) {
    // A file that somebody spoiled costs a few requests more.
    if (!(error instanceof SyntaxError)) throw error
  }
  // What comes from a time that is still to be would be known for ever.
  const isYoung = ({asked}: KnownLink): boolean => Math.abs(nowMs - Date.parse(asked)) < ageMs
  return new Map(Object.entries(links).filter(([, known]) => isYoung(known)))
}

/** Writes what is known of a project's links. The folder must be there. */
export async function writeKnownLinks(root: string, links: ReadonlyMap<string, KnownLink>): Promise<void> {
  const sorted = [...links].sort(([a], [b]) => (a < b ? -1 : 1))
  await writeWhole(pathOf(root), `${JSON.stringify({version: 1, links: Object.fromEntries(sorted)}, null, 2)}\n`)
}
