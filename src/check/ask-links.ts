import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'
import {isNegated, promptSentences} from './prompt-sentences.ts'
import {type CountBounds, describeBounds, readBounds} from './read-bounds.ts'

const verbs = '(?:provide|offer|give|include|list|add|suggest|recommend|share)'
/** Links that are no addresses. */
const others = String.raw`(?!-| (?:analysis|among|between|budget|building|examples?|function|layer|rot|text|types?)\b| (?:in|of) (?:an?|the) [\w ]*chain\b)`
/** Of a sentence that tells how, links are the subject: `explain how to share links`. */
const how = /\b(?:how|why)\b(?:(?!\band (?:give|include|list|offer|provide)\b)[^,;:])*$/i
const anyVerb = new RegExp(`\\b${verbs}\\b`, 'i')
const asksForSome = new RegExp(
  String.raw`\b${verbs} (?:(?:an?|the|some|several|direct|curated|useful|official|relevant) ){0,3}links?${others}\b`,
  'i',
)

/** Links, as many as the directive names, or at least one where it asks for some. */
export function askLinks({directive}: ContractJob): Asked | undefined {
  if (!/\blinks?\b/i.test(directive.value)) return undefined
  const asking = promptSentences(directive).filter((sentence) => !isNegated(sentence.replace(/\bor\b/g, '')))
  const wanted = asking.filter((sentence) => {
    const verb = anyVerb.exec(sentence)
    return verb !== null && !how.test(sentence.slice(0, verb.index + verb[0].length))
  })
  const bounds =
    readBounds(wanted, `(?<!\\b(?:causal|chemical|hard|missing|soft|symbolic|weak) )links${others}`) ??
    (wanted.some((sentence) => asksForSome.test(sentence)) ? some : undefined)
  if (bounds === undefined) return undefined
  const expected =
    bounds.min === 1 && bounds.max === 1 ? '1 link' : `${describeBounds(bounds)} ${bounds === some ? 'link' : 'links'}`
  return {expected, check: (text) => checkLinks(text, bounds, expected)}
}

const some: CountBounds = {min: 1, max: Number.POSITIVE_INFINITY}

function checkLinks(text: CheckedText, {min, max}: CountBounds, expected: string): Shortfall | undefined {
  const definitions = new Map(text.nodes('definition').map(({identifier, url}) => [identifier, url]))
  const targets = new Set([
    ...text.nodes('link').map(({url}) => url),
    ...text.nodes('linkReference').map(({identifier}) => definitions.get(identifier) ?? identifier),
  ])
  if (targets.size >= min && targets.size <= max) return undefined
  const count = targets.size < min ? min - targets.size : targets.size - max
  return {message: `Unexpected ${targets.size} ${targets.size === 1 ? 'link' : 'links'}, expected ${expected}`, count}
}
