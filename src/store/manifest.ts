import {join} from 'node:path'
import {z} from 'zod'
import {NewerFormatError} from '../model/newer-format-error.ts'
import {readIfThere} from './completion-store.ts'

/** Row of a directive in `manifest.json`. */
export interface ManifestRow {
  readonly id: string
  /** Number of the directive in the outline, from 1. */
  readonly place: number
  readonly kind: string
  readonly depth: number
  readonly container: string
  readonly state: string
  readonly edited: boolean
  readonly draft: boolean
  /** Path below the output folder; null while there is no text. */
  readonly file: string | null
  /** Address of the prompt, by which a text is found again when its front matter is gone. */
  readonly prompt: string | null
  readonly request: string | null
  readonly completion: string | null
  readonly text: string | null
  readonly provider: string | null
  readonly model: string | null
  readonly usage: {readonly inputTokens: number; readonly outputTokens: number} | null
  readonly repairs: readonly {readonly ruleId: string; readonly detail: string}[]
  /** Version of the normaliser that the text and its repairs are of; null where that is not known. */
  readonly normaliser: number | null
  /** What its text does not hold of what was asked for; absent where it holds all. */
  readonly failures?: readonly {readonly ruleId: string; readonly message: string}[]
  /** Numbers of the bibliography that its text cites, rising; absent where it cites none. */
  readonly citations?: readonly number[]
  /** Lines that its text takes up in `book.md`. */
  readonly lines: number
  /** Lines of `book.md` from the end of the text before to the end of this one, and a short address of them. */
  readonly span: number
  readonly book: string
}

/** What `manifest.json` says of a book: what made it, and a row per directive in the outline's order. */
export interface Manifest {
  readonly version: 1
  /** The outline, as a path from the output folder. */
  readonly outline: string
  readonly title: string | null
  /** Address of the outline as the program wrote it; absent where an author wrote it. */
  readonly rendered?: string
  /** Whether every directive has a text, so that `book.md` holds no placeholder. */
  readonly complete: boolean
  /** What the last build used; the next one falls back to it. */
  readonly record: {readonly provider: string; readonly model: string | null}
  /** Lines of the bibliography at the end of `book.md`, and a short address of them; absent where it has none. */
  readonly bibliography?: {readonly span: number; readonly book: string}
  readonly directives: readonly ManifestRow[]
}

const version = 1

const newerVersionSchema = z.object({version: z.int().gt(version)})

// What a merge or another program made of a row must not stop a build: what cannot be read of it was not noted.
const rowSchema = z
  .object({
    id: z.string(),
    repairs: z.array(z.object({ruleId: z.string(), detail: z.string()})).catch([]),
    failures: z
      .array(z.object({ruleId: z.string(), message: z.string()}))
      .optional()
      .catch(undefined),
    normaliser: z.int().nullable().catch(null),
  })
  .loose()

const manifestSchema = z.object({
  version: z.literal(version),
  outline: z.string(),
  title: z.string().nullable(),
  rendered: z.string().optional(),
  complete: z.boolean(),
  record: z.object({provider: z.string(), model: z.string().nullable()}),
  bibliography: z.object({span: z.int(), book: z.string()}).optional().catch(undefined),
  directives: z.array(
    z
      .looseObject({})
      .transform(readRow)
      .pipe(z.custom<ManifestRow>((row) => row !== undefined)),
  ),
})

/** A row with its keys as they stand in the file; undefined for one that names no directive. */
function readRow(row: Record<string, unknown>): unknown {
  const read = rowSchema.safeParse(row).data
  return read === undefined ? undefined : {...row, ...read}
}

/** The manifest of an output folder; undefined when there is none that can be read. Fails for one of a newer version. */
export async function readManifest(outputFolder: string): Promise<Manifest | undefined> {
  const path = join(outputFolder, 'manifest.json')
  return parseManifest((await readIfThere(path)) ?? '', path)
}

/** The manifest that a text holds; undefined where it holds none. `path` is named when it is of a newer version. */
export function parseManifest(text: string, path: string): Manifest | undefined {
  const value = parseJson(text)
  const newer = newerVersionSchema.safeParse(value)
  if (newer.success) throw new NewerFormatError(path, newer.data.version, version)
  return manifestSchema.safeParse(value).data as Manifest | undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The row that was written for a completion, of that directive where it had it, else of the one that it moved from. */
export function rowFinder(manifest: Manifest | undefined): (id: string, completion: string) => ManifestRow | undefined {
  const byId = new Map(manifest?.directives.map((row) => [row.id, row]))
  const byCompletion = new Map(manifest?.directives.map((row) => [row.completion, row]))
  return (id, completion) => {
    const own = byId.get(id)
    return own?.completion === completion ? own : byCompletion.get(completion)
  }
}

/** Writes the manifest with one line per directive, so that a change of one directive is a change of one line. */
export function formatManifest(manifest: Manifest): string {
  const {directives, ...head} = manifest
  const lines = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`)
  const rows = directives.map((row) => `    ${JSON.stringify(row)}`).join(',\n')
  return `{\n${lines.join('\n')}\n  "directives": [${rows === '' ? '' : `\n${rows}\n  `}]\n}\n`
}
