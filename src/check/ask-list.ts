import {toString as nodeText} from 'mdast-util-to-string'
import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'
import {isNegated, promptSentences} from './prompt-sentences.ts'
import {wishesFor} from './wishes-for.ts'

const bulletedList =
  /\b(?:bullet(?:ed)?(?:[- ]point)?|unordered) (?:lists?|summary|overview)\b|\bbullet(?:ed)? or numbered\b/i
/** `List 3 to 5 bullet points`, `as bullets`; not `expand the bullet points`, nor one bullet point. */
const bullets =
  /\b(?:as|in|with|using|use|into|list|give|write|provide|include|add|create|generate|present) (?:(?!(?:the|these|those|this|following|each|existing)\b)[\w–-]+ ){0,5}?(?:bullet points|bullets)\b/i
const numbered = /\b(?:numbered|ordered) (?:(?:or bulleted )?list|steps|points|items|instructions|procedure)\b/i

const mayAsk = /\blist|\bsteps|\bbullet|\b(?:numbered|ordered)\b/i

/** A bulleted or numbered list, where the directive clearly asks for one. */
export function askList({directive}: ContractJob): Asked | undefined {
  if (!mayAsk.test(directive.value)) return undefined
  const asking = promptSentences(directive).filter((sentence) => mayAsk.test(sentence) && !isNegated(sentence))
  const isNumbered = asksForNumberedList(asking)
  const isBulleted = asking.some((sentence) => wishesFor(sentence, bulletedList) || wishesFor(sentence, bullets))
  if (isNumbered === isBulleted) return undefined
  const expected = isNumbered ? 'a numbered list' : 'a bulleted list'
  return {expected, check: (text) => checkList(text, isNumbered, expected)}
}

/** Whether one of a prompt's sentences wishes for numbers. */
export function asksForNumberedList(sentences: readonly string[]): boolean {
  return sentences.some((sentence) => !isNegated(sentence) && wishesFor(sentence, numbered))
}

function checkList(text: CheckedText, isNumbered: boolean, expected: string): Shortfall | undefined {
  const lists = text.nodes('list')
  if (isNumbered && countNumbered(text) > 1) return undefined
  if (lists.length === 0) return {message: `Unexpected text without a list, expected ${expected}`}
  // Numbers in place of bullets are no loss for the reader; steps without numbers are.
  if (!isNumbered || lists.some(({ordered}) => ordered === true)) return undefined
  return {message: `Unexpected bullets, expected ${expected}`}
}

/** Headings and paragraphs that bear a number: `Step 2: Bake`. */
function countNumbered({root}: CheckedText): number {
  return root.children.filter(
    (node) =>
      (node.type === 'heading' || node.type === 'paragraph') &&
      /^(?:step )?\d{1,2}(?:[.):–—-]|\s[–—-])/i.test(nodeText(node).trimStart()),
  ).length
}
