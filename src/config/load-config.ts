import {readFile} from 'node:fs/promises'
import type {VFile} from 'vfile'
import type {Document} from 'yaml'
import type {z} from 'zod'
import {nearestNames} from '../model/nearest.ts'
import {report} from '../model/report.ts'
import {type Config, configSchema} from './config-schema.ts'
import {expectationOf, readYaml, type YamlValues} from './read-yaml.ts'

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
  const yaml = readYaml(file, 'invalid-config', 'the config')
  if (yaml === undefined) return undefined
  const parsed = configSchema.safeParse(yaml.values ?? {})
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) reportIssue(file, issue, yaml)
  return undefined
}

function reportIssue(file: VFile, issue: z.core.$ZodIssue, {document, placeAt, placeOf}: YamlValues): void {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys' || (issue.code === 'invalid_key' && path.length > 0)) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [path.at(-1) as string]
    const parent = issue.code === 'unrecognized_keys' ? path : path.slice(0, -1)
    for (const key of keys) {
      const known = knownKeys(parent)
      const nearest = nearestNames(key, known, 1)
      const name = [...parent, key].join('.')
      const others = known.length === 0 ? 'a known one' : `one of ${known.join(', ')}`
      const hint = nearest[0] === undefined ? others : `\`${nearest[0]}\``
      const offset = keyOffset(document, parent, key)
      report(file, 'invalid-config', `Unexpected key \`${name}\`, expected ${hint}`, {
        ...(offset === undefined ? {} : {place: placeAt(offset)}),
        actual: name,
        expected: nearest,
      })
    }
    return
  }
  const place = placeOf(path)
  const value = JSON.stringify(document.getIn(path)) ?? String(document.getIn(path))
  const expected = expectationOf(issue)
  report(file, 'invalid-config', `Unexpected value \`${value}\` for \`${path.join('.')}\`, expected ${expected}`, {
    ...(place === undefined ? {} : {place}),
    actual: value,
  })
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
    const map = inner.options?.map(unwrap).find(({valueType}) => valueType !== undefined) ?? inner
    schema = map.shape?.[part] ?? map.valueType
  }
  const inner = unwrap(schema)
  if (inner.shape !== undefined) return Object.keys(inner.shape)
  const {options} = inner.keyType ?? {}
  return Array.isArray(options) ? options.map(String) : []
}

interface SchemaView {
  readonly shape?: Record<string, unknown>
  readonly valueType?: unknown
  /** Of a union. */
  readonly options?: readonly unknown[]
  readonly keyType?: {readonly options?: readonly unknown[]}
}

function unwrap(schema: unknown): SchemaView {
  let at = schema as {unwrap?: () => unknown} & SchemaView
  while (at !== undefined && typeof at.unwrap === 'function') at = at.unwrap() as typeof at
  return at ?? {}
}
