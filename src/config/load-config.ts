import {readFile} from 'node:fs/promises'
import type {VFile} from 'vfile'
import {type Document, isNode, LineCounter, parseDocument} from 'yaml'
import type {z} from 'zod'
import {nearestNames} from '../model/nearest.ts'
import {report} from '../model/report.ts'
import {type Config, configSchema} from './config-schema.ts'

const maxConfigBytes = 1024 * 1024

/** Reads and checks a config; problems become messages of `file` with their place, and the result is then undefined. */
export async function loadConfig(path: string, file: VFile): Promise<Config | undefined> {
  const bytes = await readFile(path)
  if (bytes.length > maxConfigBytes) {
    report(file, 'invalid-config', `Unexpected size of ${bytes.length} bytes, expected at most ${maxConfigBytes}`)
    return undefined
  }
  file.value = bytes.toString('utf8').replace(/^\ufeff/, '')
  return parseConfig(file)
}

/** Reads a config from the text of `file`. */
export function parseConfig(file: VFile): Config | undefined {
  const counter = new LineCounter()
  const document = parseDocument(String(file.value), {uniqueKeys: true, lineCounter: counter, prettyErrors: false})
  const place = (offset: number): {line: number; column: number; offset: number} => {
    const {line, col} = counter.linePos(offset)
    return {line, column: col, offset}
  }
  for (const error of document.errors) {
    report(file, 'invalid-config', `Cannot read the config: ${error.message}`, {place: place(error.pos[0])})
  }
  if (document.errors.length > 0) return undefined
  let values: unknown
  try {
    values = document.toJS({maxAliasCount: 0}) ?? {}
  } catch (error) {
    report(file, 'invalid-config', `Cannot read the config: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
  const parsed = configSchema.safeParse(values)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) reportIssue(file, issue, document, place)
  return undefined
}

function reportIssue(
  file: VFile,
  issue: z.core.$ZodIssue,
  document: Document,
  place: (offset: number) => {line: number; column: number; offset: number},
): void {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys' || (issue.code === 'invalid_key' && path.length > 0)) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [path.at(-1) as string]
    const parent = issue.code === 'unrecognized_keys' ? path : path.slice(0, -1)
    for (const key of keys) {
      const known = knownKeys(parent)
      const nearest = nearestNames(key, known, 1)
      const name = [...parent, key].join('.')
      const hint = nearest[0] === undefined ? `one of ${known.join(', ')}` : `\`${nearest[0]}\``
      report(file, 'invalid-config', `Unexpected key \`${name}\`, expected ${hint}`, {
        ...optionalPlace(keyOffset(document, parent, key), place),
        actual: name,
        expected: nearest,
      })
    }
    return
  }
  const node = document.getIn(path, true)
  const offset = isNode(node) ? node.range?.[0] : undefined
  const value = JSON.stringify(document.getIn(path)) ?? String(document.getIn(path))
  const expected = expectation(issue)
  report(file, 'invalid-config', `Unexpected value \`${value}\` for \`${path.join('.')}\`, expected ${expected}`, {
    ...optionalPlace(offset, place),
    actual: value,
  })
}

/** What a value should have been, in the house's wording. */
function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number' : `a ${issue.expected}`
    case 'too_small':
      return issue.origin === 'array'
        ? 'at least one entry'
        : `${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}`
    case 'too_big':
      return `at most ${issue.maximum}`
    default:
      return issue.message
        .replace(/^expected /, '')
        .replace(/^Invalid URL$/, 'a URL that begins with http:// or https://')
  }
}

function optionalPlace<Place>(offset: number | undefined, place: (offset: number) => Place): {place?: Place} {
  return offset === undefined ? {} : {place: place(offset)}
}

function keyOffset(document: Document, parent: readonly string[], key: string): number | undefined {
  const map: unknown = parent.length === 0 ? document.contents : document.getIn(parent, true)
  if (typeof map !== 'object' || map === null || !('items' in map) || !Array.isArray(map.items)) return undefined
  const pair = map.items.find((item: {key?: unknown}) => String(item.key) === key) as
    | {key?: {range?: [number, number, number]}}
    | undefined
  return pair?.key?.range?.[0]
}

/** Keys that the config knows at a path: its top, `kinds`, one kind, `rules`. */
function knownKeys(path: readonly string[]): string[] {
  let schema: unknown = configSchema
  for (const part of path) {
    const inner = unwrap(schema)
    schema = inner.shape?.[part] ?? inner.valueType
  }
  const inner = unwrap(schema)
  if (inner.shape !== undefined) return Object.keys(inner.shape)
  const {options} = inner.keyType ?? {}
  return Array.isArray(options) ? options.map(String) : []
}

interface SchemaView {
  readonly shape?: Record<string, unknown>
  readonly valueType?: unknown
  readonly keyType?: {readonly options?: readonly unknown[]}
}

function unwrap(schema: unknown): SchemaView {
  let at = schema as {unwrap?: () => unknown} & SchemaView
  while (at !== undefined && typeof at.unwrap === 'function') at = at.unwrap() as typeof at
  return at ?? {}
}
