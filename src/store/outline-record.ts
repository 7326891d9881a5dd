import {readFile} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {z} from 'zod'
import {NewerFormatError} from '../model/newer-format-error.ts'
import {writeWhole} from './write-whole.ts'

const recordVersion = 1

const schema = z.object({
  version: z.literal(recordVersion),
  topics: z.string(),
  numbering: z.enum(['roman', 'arabic', 'none']),
  known: z.array(z.object({id: z.string(), parent: z.string().optional(), head: z.string(), text: z.string()})),
  worded: z.record(z.string(), z.string()),
  refined: z.array(z.string()),
  outline: z.array(z.string()),
})

/** What is known of an outline that grew from a topic list: the base of the next merge. Git tracks it. */
export interface OutlineRecord {
  /** Path of the topic list, from the outline's folder. */
  readonly topics: string
  readonly numbering: 'roman' | 'arabic' | 'none'
  /** Chapters and topics with their ids. */
  readonly known: readonly {
    readonly id: string
    readonly parent?: string
    readonly head: string
    readonly text: string
  }[]
  /** By id of a directive, what its wording was made from. */
  readonly worded: Readonly<Record<string, string>>
  /** Ids of directives whose wording a model bettered. */
  readonly refined: readonly string[]
  /** The outline as the program wrote it, without what the author made of it. */
  readonly outline: string
}

/** Path of the record of an outline: a hidden file beside it. */
export function outlineRecordPath(outlinePath: string): string {
  return join(dirname(outlinePath), `.${basename(outlinePath).replace(/\.(?:md|markdown)$/i, '')}.topics.json`)
}

/** Reads a record; undefined where there is none, `damaged` where it cannot be read. */
export async function readOutlineRecord(path: string): Promise<OutlineRecord | 'damaged' | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'damaged'
  }
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
  if (typeof version === 'number' && version > recordVersion) throw new NewerFormatError(path, version, recordVersion)
  const parsed = schema.safeParse(value)
  if (!parsed.success) return 'damaged'
  const {topics, numbering, known, worded, refined, outline} = parsed.data
  return {
    topics,
    numbering,
    known: known.map(({id, parent, head, text: own}) => ({
      id,
      ...(parent === undefined ? {} : {parent}),
      head,
      text: own,
    })),
    worded,
    refined,
    outline: `${outline.join('\n')}\n`,
  }
}

/** Writes a record, one line of the outline per line, so that git shows what changed. */
export async function writeOutlineRecord(path: string, record: OutlineRecord): Promise<void> {
  const {topics, numbering, known, worded, refined, outline} = record
  const rows = (values: readonly unknown[]): string =>
    values.length === 0 ? '[]' : `[\n    ${values.map((value) => JSON.stringify(value)).join(',\n    ')}\n  ]`
  const text = `{
  "version": ${recordVersion},
  "topics": ${JSON.stringify(topics)},
  "numbering": ${JSON.stringify(numbering)},
  "known": ${rows(known)},
  "worded": ${JSON.stringify(worded, Object.keys(worded).sort(), 2).replaceAll('\n', '\n  ')},
  "refined": ${rows([...refined].sort())},
  "outline": ${rows(outline.replace(/\n$/, '').split('\n'))}
}
`
  await writeWhole(path, text)
}
