import {toString as nodeText} from 'mdast-util-to-string'
import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'
import {isNegated, promptSentences} from './prompt-sentences.ts'
import {wishesFor} from './wishes-for.ts'

const adjectives = `(?:(?:single|brief|short|concise|closing|final|summary|introductory|opening|overview|well-written|clear) )*`
const oneParagraph = new RegExp(
  String.raw`\b(?<!\b(?:what|how|why) )(?:(?:one|a) ${adjectives}paragraph|one-paragraph)\b`,
  'i',
)
const more =
  /\b(?:paragraphs|each|every|per|then|followed|lists?|bullet\w*|tables?|glossary|questions?|code|examples?|headings|subsections?|steps|below)\b/i
/** Words below which a paragraph is a lead or a caption. */
const fewWords = 6

/** One paragraph and no more, where the directive asks for one and for nothing beside it. */
export function askParagraph({directive}: ContractJob): Asked | undefined {
  if (!/paragraph\b/i.test(directive.value)) return undefined
  const sentences = promptSentences(directive).map((sentence) => sentence.replace(/\bheading level \d\b/i, ''))
  if (!sentences.some((sentence) => wishesFor(sentence, oneParagraph) && !isNegated(sentence))) return undefined
  // A paragraph with which a text begins or ends, and one of several, are not all of it.
  if (sentences.some((sentence) => isPart.test(sentence)) || countParagraphs(sentences) > 1) return undefined
  // What else it asks for may need blocks of its own.
  if (sentences.some((sentence) => asksForMore(sentence))) return undefined
  return {expected: 'one paragraph', check: checkParagraph}
}

const isPart =
  /\b(?:begin|close|conclude|end|finish|lead|open|start)(?:ing|s)? (?:off )?with (?:a|one) [\w -]*paragraph\b|\bin another\b/i

function countParagraphs(sentences: readonly string[]): number {
  return sentences.reduce((sum, sentence) => sum + (sentence.match(/\bparagraph\b/gi)?.length ?? 0), 0)
}

/** What a text speaks of: `the main steps and considerations`. */
const subject =
  /\b(?:the|main|key|common|essential|important|basic|these|its|their) (?:[a-z-]+ )?(?:steps|questions|examples|code)\b/gi

/** Whether a sentence asks for other forms; those that are what it is about are none. */
function asksForMore(sentence: string): boolean {
  return more.test(sentence.replace(subject, ''))
}

function checkParagraph({root}: CheckedText): Shortfall | undefined {
  const blocks = root.children.filter((node) => {
    if (node.type === 'heading' || node.type === 'thematicBreak' || node.type === 'html') return false
    return node.type !== 'paragraph' || countWords(node) >= fewWords
  })
  const [first] = blocks
  if (blocks.length === 1 && (first?.type === 'list' || first?.type === 'table'))
    return {message: `Unexpected ${first.type}, expected one paragraph`}
  if (blocks.length <= 1) return undefined
  return {message: `Unexpected ${blocks.length} blocks of text, expected one paragraph`, count: blocks.length - 1}
}

function countWords(paragraph: CheckedText['root']['children'][number]): number {
  return nodeText(paragraph).split(/\s+/).length
}
