import {type CourseFacts, type Statement, statementKey} from './companion-statements.ts'
import {stemWords} from './word-stems.ts'

/** Words that decide a question: limits, duties, defaults, figures. */
const decisive =
  /\b(?:always|at least|at most|by default|cannot|default|every|except|exactly|maximum|minimum|must|never|none|not|only|required?s?|unless|up to|without)\b|\b\d+(?:\.\d+)?\b/i
/** Two words with capitals or more, which name something, outside links and code. */
const properName =
  /(?<![[(`*_\p{L}])(?!(?:The|An?|In|On|At|As|By|For|From|With|When|If|Each|Every|All|Under|After|Before|Use|Some|Most|Such) )\p{Lu}[\p{L}\p{N}]+(?: (?:for |of )?\p{Lu}[\p{L}\p{N}]*)+(?![\])`*_\p{L}])/u

/** What texts offer to one part of a companion, and what that part printed of it. */
export class CompanionFacts {
  /** Keys of the statements that were printed. */
  readonly printed: string[] = []

  constructor(readonly facts: CourseFacts) {}

  /** All statements, in the order of the texts. */
  get all(): readonly Statement[] {
    return this.facts.texts.flat()
  }

  /**
   * The weightiest statements, `limit` at most: one of each text in turn, so that none is left out for another's length;
   * back in the order of the texts.
   */
  choose(limit: number, weigh: (statement: Statement) => number | undefined = weightOf): Statement[] {
    const rows = this.facts.texts.map((own) =>
      own
        .flatMap((one, at) => {
          const weight = weigh(one)
          return weight === undefined ? [] : [{one, weight, at}]
        })
        .sort((left, right) => right.weight - left.weight || left.at - right.at),
    )
    const filled = rows.filter((row) => row.length > 0)
    const step = Math.max(1, filled.length / limit)
    const isFirst = (at: number): boolean => Math.floor(at / step) !== Math.floor((at - 1) / step)
    const order = [...filled.filter((_, at) => isFirst(at)), ...filled.filter((_, at) => !isFirst(at))]
    const chosen = new Set<Statement>()
    for (let at = 0; chosen.size < limit && order.some((row) => row.length > at); at++)
      for (const row of order) {
        const one = row[at]?.one
        if (one !== undefined && chosen.size < limit) chosen.add(one)
      }
    return this.take(this.all.filter((one) => chosen.has(one)))
  }

  /** Notes statements as printed. */
  take(statements: readonly Statement[]): Statement[] {
    this.printed.push(...statements.map(({text}) => statementKey(text)))
    return [...statements]
  }
}

/** How much a statement is a fact to remember: a definition more than a sentence, a limit more than a description. */
export function weightOf({term, text, title}: Statement): number {
  const isOfTitle = text.toLowerCase().includes(title.toLowerCase())
  return (term === '' ? 0 : 2) + (decisive.test(text) ? 1 : 0) + (isOfTitle ? 1 : 0)
}

/** What a statement is about: its term, the code or name that it begins with, or the title of its text. */
export function nameOf(one: Statement): string {
  if (one.term !== '') return one.term
  const own = ownName(one)
  if (own !== undefined || sharesWord(one)) return own ?? one.title
  return findName(one)?.name ?? one.title
}

/** What decides a statement that names nothing: its limit, its figure, its `never`; undefined where it has none. */
export function findDecisive({text}: Statement): {readonly index: number; readonly name: string} | undefined {
  const found = decisive.exec(text.replace(/`[^`]*`|\[[^\]]*\]/g, (whole) => '_'.repeat(whole.length)))
  return found === null ? undefined : {index: found.index, name: found[0]}
}

/** Whether a statement has a word of its text's title. */
export function sharesWord({text, title}: Statement): boolean {
  const stems = new Set(stemWords(text))
  return stemWords(title).some((stem) => stems.has(stem))
}

/** The code or the name of several words in a statement's first words; undefined where there is none. */
export function ownName({text}: Statement): string | undefined {
  const code = /^[^`.,;]{0,60}`([^`\n]{2,40})`/.exec(text)?.[1]
  const named = properName.exec(text)
  if (named !== null && named.index <= nearStart && !/\[[^\]]*$/.test(text.slice(0, named.index))) return named[0]
  return code
}

/** Where a name has to begin for a statement to be about it, in UTF-16 units. */
const nearStart = 12

/** Place and text of what names something in a statement; undefined where nothing does. */
export function findName({text, title}: Statement): {readonly index: number; readonly name: string} | undefined {
  const plain = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const named = new RegExp(`(?<![\\p{L}\\p{N}])${plain}(?![\\p{L}\\p{N}])`, 'iu').exec(text) ?? properName.exec(text)
  if (named === null) return undefined
  const before = text.slice(0, named.index)
  return /\[[^\]]*$|`[^`]*$/.test(before) && (before.match(/`/g)?.length ?? 1) % 2 === 1
    ? undefined
    : {index: named.index, name: named[0]}
}
