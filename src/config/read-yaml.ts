import type {VFile} from 'vfile'
import {type Document, isNode, LineCounter, parseDocument, visit} from 'yaml'
import type {z} from 'zod'
import {report} from '../model/report.ts'
import type {RuleId} from '../model/rules.ts'

/** A place in a YAML file. */
export interface YamlPlace {
  readonly line: number
  readonly column: number
  readonly offset: number
}

/** A YAML file as values, with the places that they came from. */
export interface YamlValues {
  readonly document: Document
  readonly values: unknown
  placeAt(offset: number): YamlPlace
  /** Place of the value at a path of keys and numbers; undefined where there is none. */
  placeOf(path: readonly (string | number)[]): YamlPlace | undefined
}

/**
 * Reads the text of `file` as YAML without aliases; problems become messages under `ruleId`, which call the file
 * `name`, and the result is then undefined. An empty file gives null.
 */
export function readYaml(file: VFile, ruleId: RuleId, name: string): YamlValues | undefined {
  const counter = new LineCounter()
  const document = parseDocument(String(file.value), {uniqueKeys: true, lineCounter: counter, prettyErrors: false})
  const placeAt = (offset: number): YamlPlace => {
    const {line, col} = counter.linePos(offset)
    return {line, column: col, offset}
  }
  const before = file.messages.length
  for (const error of document.errors)
    report(file, ruleId, `Cannot read ${name}: ${error.message}`, {place: placeAt(error.pos[0])})
  visit(document, {
    Alias: (_key, {source, range}) => {
      const place = range === undefined || range === null ? {} : {place: placeAt(range[0])}
      report(file, ruleId, `Unexpected alias \`*${source}\`, expected the value itself`, place)
    },
  })
  if (file.messages.length > before) return undefined
  try {
    const values: unknown = document.toJS({maxAliasCount: 0}) ?? null
    return {
      document,
      values,
      placeAt,
      placeOf: (path) => {
        const node = path.length === 0 ? document.contents : document.getIn(path, true)
        const offset = isNode(node) ? node.range?.[0] : undefined
        return offset === undefined ? undefined : placeAt(offset)
      },
    }
  } catch (error) {
    report(file, ruleId, `Cannot read ${name}: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

const typeNames: Readonly<Record<string, string>> = {
  array: 'a list',
  int: 'a whole number',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
}

/** What a value should have been, in the house's wording. */
export function expectationOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'invalid_type':
      return typeNames[issue.expected] ?? `a ${issue.expected}`
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
