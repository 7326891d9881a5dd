import {splitTitle} from '../syntax/chapter-number.ts'
import {wordsOf} from '../syntax/words-of.ts'

/** A line of a topic list that an outline is to cover. */
export interface CoverageLine {
  /** From 1. */
  readonly line: number
  /** The line as it stands in the list. */
  readonly text: string
  /** Directive that was written for it; absent for lines of the front matter. */
  readonly directive?: string
}

/** A directive of the outline as it stands. */
export interface CoveringDirective {
  readonly id: string
  /** Line of the outline, from 1. */
  readonly line: number
  readonly prompt: string
  /** Whether it is of the book's body: an overview or a summary that names a topic does not treat it. */
  readonly isBody: boolean
}

/** Where a line of a topic list went. */
export interface CoverageRow {
  readonly line: number
  readonly text: string
  /** Id of the directive whose prompt has all words of the line; `front-matter` for the title; absent where none has. */
  readonly directive?: string
  /** Line of the outline at which that is. */
  readonly outlineLine?: number
}

/** Name of what covers the title of a list. */
export const frontMatterName = 'front-matter'

const marker = /^\s*(?:[-*+•‣◦▪●–—>]|#{1,6}|(?:\d{1,9}|[a-z])[.)])?\s*(?:\[[ xX]\]\s)?/
const citations = /\[[\d\s,;–-]+\](?![(:])/g
const tags = /(?:(?:^|\s+)#[\p{L}_][\p{L}\p{N}_/-]*[.,;]?)+\s*$/u

/**
 * Says of each line which directive has its words: the one that was written for it, else another one of the body, as
 * where the author has moved it. Only the words of the list and those of the prompts are compared, whatever wrote them.
 */
export function checkCoverage(
  lines: readonly CoverageLine[],
  directives: readonly CoveringDirective[],
  frontMatter: string,
): CoverageRow[] {
  const byId = new Map(directives.map((directive) => [directive.id, directive]))
  const words = new Map(directives.map((directive) => [directive, new Set(coveredWords(directive.prompt))]))
  const front = new Set(coveredWords(frontMatter))
  let index: Map<string, CoveringDirective[]> | undefined
  const holds = (directive: CoveringDirective | undefined, wanted: readonly string[]): boolean =>
    directive !== undefined && wanted.every((word) => words.get(directive)?.has(word) === true)
  return lines.map(({line, text, directive}) => {
    const wanted = [...new Set(coveredWords(lineText(text)))]
    const row = {line, text: text.trim()}
    if (directive === undefined && wanted.every((word) => front.has(word)))
      return {...row, directive: frontMatterName, outlineLine: 1}
    const planned = directive === undefined ? undefined : byId.get(directive)
    if (planned !== undefined && holds(planned, wanted)) return {...row, ...placeOf(planned)}
    index ??= indexOf(words)
    const rarest = wanted.reduce<readonly CoveringDirective[] | undefined>((least, word) => {
      const own = index?.get(word) ?? []
      return least === undefined || own.length < least.length ? own : least
    }, undefined)
    const found = rarest?.find((one) => holds(one, wanted))
    return found === undefined ? row : {...row, ...placeOf(found)}
  })
}

/** Words as they are compared: without the marks of a heading or a list that stand right before one. */
function coveredWords(text: string): string[] {
  return wordsOf(text)
    .map((word) => word.replace(/^[#+]+/, ''))
    .filter((word) => word !== '')
}

/** The text that a line brings: without marker, chapter number, tags and citations. */
function lineText(text: string): string {
  const plain = text
    .replace(marker, '')
    .replace(citations, ' ')
    .replace(/\s+#+\s*$/, '')
    .replace(tags, ' ')
    .trim()
  return splitTitle(plain)?.rest ?? plain
}

function placeOf({id, line}: CoveringDirective): {directive: string; outlineLine: number} {
  return {directive: id, outlineLine: line}
}

function indexOf(words: ReadonlyMap<CoveringDirective, ReadonlySet<string>>): Map<string, CoveringDirective[]> {
  const index = new Map<string, CoveringDirective[]>()
  for (const [directive, own] of words) {
    if (!directive.isBody) continue
    for (const word of own) {
      const list = index.get(word)
      if (list === undefined) index.set(word, [directive])
      else list.push(directive)
    }
  }
  return index
}
