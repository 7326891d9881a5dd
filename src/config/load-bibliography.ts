import {lstat, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {VFile} from 'vfile'
import {z} from 'zod'
import {type Bibliography, type BibliographyEntry, bibliographyPaths} from '../model/bibliography.ts'
import {nearestNames} from '../model/nearest.ts'
import {report} from '../model/report.ts'
import {expectationOf, readYaml, type YamlValues} from './read-yaml.ts'

const maxBibliographyBytes = 1024 * 1024
const largestNumber = 99_999

const day = /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/

const line = z
  .string()
  .max(500)
  .regex(/^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u, 'expected one line without control characters')
const named = line.regex(/\S/, 'expected a text')

const entrySchema = z.strictObject({
  number: z.int().min(1).max(largestNumber),
  title: named,
  url: line.regex(/^https?:\/\/[^\s/@]+(?:\/\S*)?$/i, 'expected a URL that begins with http:// or https://').optional(),
  licence: named.optional(),
  date: z
    .preprocess(
      // A year alone is a number in YAML.
      (value) => (typeof value === 'number' ? String(value) : value),
      z.string().regex(day, 'expected a day such as `2025-03-01`, a month or a year'),
    )
    .optional(),
  files: z.array(named).optional(),
})

const entriesSchema = z.array(entrySchema)

/** What was found of a course's bibliography. */
export interface LoadedBibliography {
  /** Undefined where there is none, where it lists nothing, or where it has an error. */
  readonly bibliography?: Bibliography
  /** The file, where it has messages. */
  readonly file?: VFile
}

/**
 * Reads the bibliography of a course, `sources/sources.yaml` or `sources.yaml`; problems are messages with their place.
 * `noteNames` are the notes that its `files` may name.
 */
export async function loadBibliography(projectRoot: string, noteNames: readonly string[]): Promise<LoadedBibliography> {
  const present: string[] = []
  for (const path of bibliographyPaths) if (await exists(join(projectRoot, path))) present.push(path)
  const [path, second] = present
  if (path === undefined) return {}
  const file = new VFile({path: join(projectRoot, path)})
  if (second !== undefined) {
    report(file, 'invalid-bibliography', `Unexpected second bibliography \`${second}\`, expected one of the two`)
    return {file}
  }
  const stats = await lstat(file.path)
  if (!stats.isFile() || stats.size > maxBibliographyBytes) {
    const found = stats.isFile() ? `size of ${stats.size} bytes` : `link or folder \`${path}\``
    const expected = stats.isFile() ? `at most ${maxBibliographyBytes}` : 'a file of the project'
    report(file, 'invalid-bibliography', `Unexpected ${found}, expected ${expected}`)
    return {file}
  }
  file.value = (await readFile(file.path)).toString('utf8').replace(/^\ufeff/, '')
  const entries = readEntries(file, noteNames)
  if (entries === undefined) return {file}
  return entries.length === 0 ? {} : {bibliography: {path, entries}}
}

/** Reads the entries of a bibliography from the text of `file`; undefined where it has an error. */
function readEntries(file: VFile, noteNames: readonly string[]): readonly BibliographyEntry[] | undefined {
  const yaml = readYaml(file, 'invalid-bibliography', 'the bibliography')
  if (yaml === undefined) return undefined
  const parsed = entriesSchema.safeParse(yaml.values ?? [])
  if (!parsed.success) {
    for (const issue of parsed.error.issues) reportIssue(file, issue, yaml)
    return undefined
  }
  const entries = parsed.data.map((entry, at) => withNoteNames(entry, at, noteNames, file, yaml))
  reportRepeated(file, entries, yaml)
  if (file.messages.length > 0) return undefined
  return entries.sort((left, right) => left.number - right.number)
}

function withNoteNames(
  {number, title, url, licence, date, files}: z.infer<typeof entrySchema>,
  at: number,
  noteNames: readonly string[],
  file: VFile,
  yaml: YamlValues,
): BibliographyEntry {
  const found = files?.map((name, place) => {
    const note = noteNames.find((known) => known === name || known === `${name}.md`)
    if (note !== undefined) return note
    const [nearest] = nearestNames(name, noteNames, 1)
    const expected = nearest === undefined ? 'a note below `sources/`' : `\`${nearest}\``
    report(file, 'invalid-bibliography', `Unexpected file \`${name}\` of source ${number}, expected ${expected}`, {
      ...placed(yaml, [at, 'files', place]),
      actual: name,
    })
    return name
  })
  return {
    number,
    title: title.trim(),
    ...(url === undefined ? {} : {url}),
    ...(licence === undefined ? {} : {licence: licence.trim()}),
    ...(date === undefined ? {} : {date}),
    ...(found === undefined ? {} : {files: found}),
  }
}

function reportRepeated(file: VFile, entries: readonly BibliographyEntry[], yaml: YamlValues): void {
  const known = new Set<number>()
  entries.forEach(({number}, at) => {
    if (known.has(number))
      report(file, 'invalid-bibliography', `Unexpected second source ${number}, expected each number once`, {
        ...placed(yaml, [at, 'number']),
        actual: String(number),
      })
    known.add(number)
  })
}

function reportIssue(file: VFile, issue: z.core.$ZodIssue, yaml: YamlValues): void {
  const path = issue.path.filter((part) => typeof part !== 'symbol')
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(entrySchema.shape)
    for (const key of issue.keys) {
      const hint = nearestNames(key, known, 1)[0]
      const expected = hint === undefined ? `one of ${known.join(', ')}` : `\`${hint}\``
      const place = placed(yaml, [...path, key])
      report(file, 'invalid-bibliography', `Unexpected key \`${key}\`, expected ${expected}`, {...place, actual: key})
    }
    return
  }
  const value = path.length === 0 ? undefined : yaml.document.getIn(path)
  const name = path.filter((part) => typeof part === 'string').join('.') || 'source'
  const expected = path.length === 0 ? 'a list of sources, each with `number` and `title`' : expectationOf(issue)
  const reason =
    value === undefined
      ? `Cannot read ${path.length === 0 ? 'the bibliography' : `a source without \`${name}\``}, expected ${expected}`
      : `Unexpected value \`${JSON.stringify(value)}\` for \`${name}\`, expected ${expected}`
  report(file, 'invalid-bibliography', reason, placed(yaml, value === undefined ? path.slice(0, 1) : path))
}

function placed(yaml: YamlValues, path: readonly (string | number)[]): {place?: {line: number; column: number}} {
  const place = yaml.placeOf(path)
  return place === undefined ? {} : {place}
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return false
    throw error
  }
}
