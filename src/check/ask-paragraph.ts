import {toString as nodeText} from 'mdast-util-to-string'
import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'
import {isNegated, promptSentences} from './prompt-sentences.ts'

const adjectives = `(?:(?:single|brief|short|concise|closing|final|summary|introductory|opening|overview|well-written|clear) )*`
const oneParagraph = new RegExp(String.raw`\b(?:(?:one|a) ${adjectives}paragraph|one-paragraph)\b`, 'i')
const more =
  /\b(?:paragraphs|each|every|per|then|followed|lists?|bullet\w*|tables?|glossary|questions?|code|examples?|headings|subsections?|steps|below)\b/i
/** Words below which a paragraph is a lead or a caption. */
const fewWords = 6

/** One paragraph and no more, where the directive asks for one and for nothing beside it. */
export function askParagraph({directive}: ContractJob): Asked | undefined {
  if (!/paragraph\b/i.test(directive.value)) return undefined
  const sentences = promptSentences(directive).map((sentence) => sentence.replace(/\bheading level \d\b/i, ''))
  if (!sentences.some((sentence) => oneParagraph.test(sentence) && !isNegated(sentence))) return undefined
  // What else it asks for may need blocks of its own.
  if (sentences.some((sentence) => more.test(sentence))) return undefined
  return {expected: 'one paragraph', check: checkParagraph}
}

function checkParagraph({root}: CheckedText): Shortfall | undefined {
  const blocks = root.children.filter((node) => {
    if (node.type === 'heading' || node.type === 'thematicBreak' || node.type === 'html') return false
    return node.type !== 'paragraph' || countWords(node) >= fewWords
  })
  if (blocks.length <= 1) return undefined
  return {message: `Unexpected ${blocks.length} blocks of text, expected one paragraph`, count: blocks.length - 1}
}

function countWords(paragraph: CheckedText['root']['children'][number]): number {
  return nodeText(paragraph).split(/\s+/).length
}
