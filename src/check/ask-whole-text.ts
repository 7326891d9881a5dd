import type {List, RootContent} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import type {CheckedText} from './checked-text.ts'
import type {Asked, Shortfall} from './contract.ts'

/** A text that goes on to its end: judged by how the model finished and by how the text breaks off. */
export function askWholeText(): Asked {
  return {expected: 'a text that is complete', check: checkWhole}
}

function checkWhole(text: CheckedText): Shortfall | undefined {
  const because = cutBy(text)
  return because === undefined
    ? undefined
    : {message: `Unexpected end of the text: ${because}, expected it to be complete`}
}

function cutBy({facts, root, source}: CheckedText): string | undefined {
  if (facts.finish === 'length') return 'the model reached its limit of tokens'
  if (facts.hasOpenFence === true) return 'a block of code is not closed'
  if (/^\\?<(?:think|thinking|thoughts?|reasoning)>/i.test(source)) return 'the reasoning of the model never ends'
  const last = root.children.at(-1)
  if (last === undefined) return 'it holds nothing'
  if (last.type === 'heading' && root.children.length > 1)
    return `nothing stands below \`${nodeText(last).slice(0, 60)}\``
  if (last.type === 'list') return cutItem(last, source)
  if (last.type !== 'paragraph') return undefined
  return cutSentence(last, () => isPunctuated(root.children.slice(0, -1), last))
}

/** The innermost last item of a list that is empty or breaks off. */
function cutItem(list: List, source: string): string | undefined {
  const item = list.children.at(-1)
  const last = item?.children.at(-1)
  if (item === undefined) return undefined
  if (last === undefined)
    return list.children.length > 1 && /[-*+\d][.)]?\s*$/.test(source) ? 'its last list item is empty' : undefined
  if (last.type === 'list') return cutItem(last, source)
  return last.type === 'paragraph' ? cutSentence(last, () => false) : undefined
}

/** Words after which no English sentence ends, and marks after which none in any language does. */
const dangling =
  /(?:[,:([–—：]|(?:^|\s)(?:and|or|the|an|of|with|because|which|such as|including|between|from|than|while|its|their))$/
/** A whole word in a script whose sentences end in a full stop; `3-a` and `GET /topics` end otherwise. */
const endsInWord = /\s(?:\p{Script=Latin}|\p{Script=Cyrillic}|\p{Script=Greek}){3,}$/u
/** Fewest words of a paragraph whose missing full stop says something. */
const longParagraph = 12

function cutSentence(paragraph: RootContent, isPunctuatedText: () => boolean): string | undefined {
  const text = nodeText(paragraph, {includeHtml: false}).trimEnd()
  const shown = `\`…${text.slice(-40)}\``
  if (text.split(/\s+/).length < 4) return undefined
  if (dangling.test(text)) return `it breaks off at ${shown}`
  const endsInside = endsInWord.test(text)
  const isProse = paragraph.type === 'paragraph' && paragraph.children.at(-1)?.type === 'text'
  if (!isProse || !endsInside || text.split(/\s+/).length < longParagraph || !isPunctuatedText()) return undefined
  return `it breaks off at ${shown}`
}

const sentenceEnd = /[.!?:…]["”’»)*_]*$/

/** Whether the paragraphs before end as sentences do, and the last one holds a whole sentence before it breaks off. */
function isPunctuated(before: readonly RootContent[], last: RootContent): boolean {
  const paragraphs = before.filter(({type}) => type === 'paragraph').map((node) => nodeText(node).trimEnd())
  const text = nodeText(last)
  if (!paragraphs.every((own) => sentenceEnd.test(own) || own.split(/\s+/).length < longParagraph)) return false
  return paragraphs.some((own) => sentenceEnd.test(own)) || /\p{Ll}[.!?] \p{Lu}/u.test(text)
}
