import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'
import {isNegated, promptSentences} from './prompt-sentences.ts'

const bulleted = /\b(?:bullet(?:ed)?(?:[- ]point)?|unordered) lists?\b/i
const numbered = /\b(?:numbered|ordered) (?:list|steps)\b/i

const mayAsk = /\blist|\bsteps/i

/** A bulleted or numbered list, where the directive asks for one in these words. */
export function askList({directive}: ContractJob): Asked | undefined {
  if (!mayAsk.test(directive.value)) return undefined
  const asking = promptSentences(directive).filter((sentence) => mayAsk.test(sentence) && !isNegated(sentence))
  const isNumbered = asking.some((sentence) => numbered.test(sentence))
  const isBulleted = asking.some((sentence) => bulleted.test(sentence))
  if (isNumbered === isBulleted) return undefined
  const expected = isNumbered ? 'a numbered list' : 'a bulleted list'
  return {expected, check: (text) => checkList(text, isNumbered, expected)}
}

function checkList(text: CheckedText, isNumbered: boolean, expected: string): Shortfall | undefined {
  const lists = text.nodes('list')
  if (lists.length === 0) return {message: `Unexpected text without a list, expected ${expected}`}
  // Numbers in place of bullets are no loss for the reader; steps without numbers are.
  if (!isNumbered || lists.some(({ordered}) => ordered === true)) return undefined
  return {message: `Unexpected bullets, expected ${expected}`}
}
