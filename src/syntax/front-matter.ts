import {isMap, parseDocument} from 'yaml'
import type {SourceSpan} from './outline-scan.ts'

/** YAML between two `---` lines at the start of a text. */
export interface FrontMatter {
  readonly values: Readonly<Record<string, unknown>>
  /** Offset at which the text after it begins. */
  readonly bodyStart: number
  /** Why it could not be read, with its place, if so. */
  readonly problem?: {readonly reason: string; readonly span: SourceSpan}
}

/** Reads the front matter of a text; without one, no values and a body from the start. Never throws. */
export function readFrontMatter(text: string): FrontMatter {
  const match = /^---[ \t]*(?:\r\n|\n|\r)([^]*?)(?:^|(?:\r\n|\n|\r))---[ \t]*(?:\r\n|\n|\r|$)/.exec(text)
  if (match === null) return {values: {}, bodyStart: 0}
  const bodyStart = match[0].length
  const yaml = match[1] as string
  const yamlStart = match[0].indexOf(yaml, 3)
  if (yaml.trim() === '') return {values: {}, bodyStart}
  // Two thematic breaks around a paragraph at the start of a text are no front matter: its first line names a key.
  const firstLine = yaml.split(/\r\n|\n|\r/).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? ''
  if (!/^(?:[\w$.-]+|"[^"]*"|'[^']*')[ \t]*:(?:[ \t]|$)/.test(firstLine)) return {values: {}, bodyStart: 0}
  const document = parseDocument(yaml, {uniqueKeys: true, prettyErrors: false})
  const problem = document.errors[0]
  if (problem !== undefined) {
    const [start, end] = problem.pos
    return {
      values: {},
      bodyStart,
      problem: {reason: problem.message, span: {start: yamlStart + start, end: yamlStart + end}},
    }
  }
  if (!isMap(document.contents)) {
    return {
      values: {},
      bodyStart,
      problem: {reason: 'expected a map of keys', span: {start: yamlStart, end: yamlStart + yaml.length}},
    }
  }
  try {
    return {values: document.toJS({maxAliasCount: 0}) as Record<string, unknown>, bodyStart}
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return {values: {}, bodyStart, problem: {reason, span: {start: 0, end: bodyStart}}}
  }
}
