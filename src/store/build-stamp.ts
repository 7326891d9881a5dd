import {readFileSync} from 'node:fs'

/** A line that a build said: by which method of the reporter, and what. */
export type SaidLine = readonly [kind: 'info' | 'warn' | 'error' | 'raw' | 'result', text: string]

/** What the next build with the same command line says, as long as all that it reads is the same. */
export interface BuildStamp {
  readonly version: 1
  /** Address of the program's own files and of Node's version. */
  readonly program: string
  /** The config's patterns of outlines; null for the default. */
  readonly patterns: readonly string[] | null
  /** What the config says of companions; null for nothing. */
  readonly companions: object | null
  /** Name and outline of each further book whose texts were read. */
  readonly reads: readonly (readonly [name: string, outlinePath: string])[]
  /** Single files that count beside those that every build reads: the style and the images, as absolute paths. */
  readonly files: readonly string[]
  /** Digests of what the build reads and of what it wrote, by name. */
  readonly digests: Readonly<Record<string, string>>
  readonly said: readonly SaidLine[]
  /** The JSON document, but for the time that it took. */
  readonly report: Readonly<Record<string, unknown>>
  /** 1 where texts that stand lack what was asked for. */
  readonly exitCode: number
}

/** Reads a stamp; undefined when there is none, or none that this program can use. Throws what keeps a file from being read. */
export function readStamp(path: string): BuildStamp | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
  return parseStamp(text)
}

/** Reads a stamp's text; undefined where it is torn or of another form. */
export function parseStamp(text: string): BuildStamp | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Torn by a crash, or written by somebody else: the build goes its usual way.
    return undefined
  }
  return isStamp(value) ? value : undefined
}

/** The stamp's text. */
export function formatStamp(stamp: BuildStamp): string {
  return `${JSON.stringify(stamp)}\n`
}

const kinds: readonly unknown[] = ['info', 'warn', 'error', 'raw', 'result'] satisfies SaidLine[0][]

// By hand: a schema would load the parser of schemas, which takes longer than the whole of a build that has nothing to do.
function isStamp(value: unknown): value is BuildStamp {
  if (!isRecord(value) || value.version !== 1 || typeof value.program !== 'string') return false
  const {patterns, companions, reads, files, digests, said, report, exitCode} = value
  return (
    (patterns === null || isTexts(patterns)) &&
    typeof companions === 'object' &&
    Array.isArray(reads) &&
    reads.every((read) => isTexts(read) && read.length === 2) &&
    isTexts(files) &&
    isRecord(digests) &&
    isTexts(Object.values(digests)) &&
    Array.isArray(said) &&
    said.every((line) => isTexts(line) && line.length === 2 && kinds.includes(line[0])) &&
    isRecord(report) &&
    (exitCode === 0 || exitCode === 1)
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
}
