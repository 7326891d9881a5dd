import type {CompanionFacts} from './companion-facts.ts'
import type {Statement} from './companion-statements.ts'

/** Words of a sentence that says what something is good for. */
const suiting =
  /\b(?:choose|fits?|suits?|suitable|prefer|better|best|ideal|good (?:choice|reason)|right (?:choice|tool)|points? to|worth|pays?|compatible|without (?:code |any )?changes?)\b/i
/** Words of a sentence that weighs one thing against another. */
const weighing =
  /\b(?:alternatives?|instead|rather than|other than|unlike|whereas|compared|simpler|cheaper|more than|less than|no (?:need|brokers|servers)|without brokers)\b/i
const versus = /\svs\.?\s/i
const denying = /\b(?:not|never|avoid|cannot|unless|too (?:much|large|small)|poor (?:fit|choice)|overkill)\b/i

/** Which statements speak for the subject of a course, and which for what it is compared with. */
export interface Choices {
  readonly forIt: readonly Statement[]
  readonly againstIt: readonly Statement[]
}

/**
 * Statements that compare: those that begin with the subject's name speak for it unless they deny, those that begin with
 * what it is compared with speak for that; a sentence without words of comparison is none of both.
 */
export function chooseSides(
  facts: CompanionFacts,
  subject: readonly string[],
  limits: readonly [number, number],
): Choices {
  const rivals = rivalsOf(facts, subject)
  const sideOf = ({text, term}: Statement): 'for' | 'against' | undefined => {
    const said = `${term} ${text}`
    const own = placeOf(said, subject)
    const other = placeOf(said, rivals)
    const weighs = weighing.test(text)
    if (other >= 0 && (own < 0 || other < own)) return weighs || suiting.test(text) ? 'against' : undefined
    if (own < 0) return undefined
    if (denying.test(text)) return other < 0 && weighing.test(text) ? 'against' : undefined
    return weighs || suiting.test(text) ? 'for' : undefined
  }
  const [forLimit, againstLimit] = limits
  return {
    forIt: facts.choose(forLimit, (one) => (sideOf(one) === 'for' ? 1 : undefined)),
    againstIt: facts.choose(againstLimit, (one) => (sideOf(one) === 'against' ? 1 : undefined)),
  }
}

/** What the heads of the course's comparison tables, and titles such as `A vs. B`, name beside the subject. */
function rivalsOf({all, facts}: CompanionFacts, subject: readonly string[]): string[] {
  const ofTables = facts.tables.flatMap((table) => (table.split('\n', 1)[0] ?? '').split('|').slice(2))
  const sides = [...new Set(all.map(({title}) => title))].filter((title) => versus.test(title))
  const heads = [
    ...ofTables,
    ...sides.flatMap((title) => title.split(versus).flatMap((side) => side.split(/ and |, /))),
  ]
  const names = heads.map((head) => head.replace(/[*_`]/g, '').trim()).filter((head) => /^\p{Lu}/u.test(head))
  return [...new Set(names)].filter((one) => placeOf(one, subject) < 0)
}

/** Where a text first has one of some names as a word; -1 where it has none. */
function placeOf(text: string, names: readonly string[]): number {
  let first = -1
  for (const name of names) {
    const plain = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const at = new RegExp(`(?<![\\p{L}\\p{N}])${plain}(?![\\p{L}\\p{N}])`, 'iu').exec(text)?.index ?? -1
    if (at >= 0 && (first < 0 || at < first)) first = at
  }
  return first
}

/** Names by which texts call the subject of a course that a prompt quotes: `Amazon MSK` and `MSK` of `Amazon MSK: …`. */
export function subjectNames(prompt: string): string[] {
  const title = (/"([^"\n]{2,120})"/.exec(prompt)?.[1] ?? '').split(/[:–—(]/, 1)[0]?.trim() ?? ''
  const last = title.split(/\s+/).at(-1) ?? ''
  return [title, ...(/^\p{Lu}{2,}$/u.test(last) ? [last] : [])].filter((name) => name !== '')
}
