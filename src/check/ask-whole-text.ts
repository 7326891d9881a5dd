import type {List, ListItem, RootContent} from 'mdast'
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
  if (facts.hasOpenRow === true) return 'the last row of a table is not whole'
  if (/^\\?<(?:think|thinking|thoughts?|reasoning)>/i.test(source)) return 'the reasoning of the model never ends'
  const last = root.children.at(-1)
  if (last === undefined) return 'it holds nothing'
  if (last.type === 'heading' && root.children.length > 1)
    return `nothing stands below \`${nodeText(last).slice(0, 60)}\``
  if (last.type === 'list') return cutItem(last, source)
  if (last.type !== 'paragraph') return undefined
  if (isRow(last)) return 'a table has no rows'
  return cutSentence(last, dangling, longParagraph, () => isPunctuated(root.children.slice(0, -1), last))
}

/** Whether a paragraph is the head of a table that never became one. */
function isRow(paragraph: RootContent): boolean {
  const lines = nodeText(paragraph).split('\n')
  return lines.length > 1 && lines.every((line) => /^\s*\|.*\|/.test(line)) && /[-:]{2}/.test(lines.at(-1) ?? '')
}

/** The innermost last item of a list that is empty or breaks off. */
function cutItem(list: List, source: string): string | undefined {
  const item = list.children.at(-1)
  const last = item?.children.at(-1)
  if (item === undefined) return undefined
  if (last === undefined)
    return list.children.length > 1 && /[-*+\d][.)]?\s*$/.test(source) ? 'its last list item is empty' : undefined
  if (last.type === 'list') return cutItem(last, source)
  if (last.type !== 'paragraph') return undefined
  const before = list.children.slice(0, -1)
  const marks = before.some((own) => itemText(own).endsWith(',')) ? danglingWord : danglingItem
  return cutSentence(
    last,
    marks,
    longItem,
    () => before.length > 1 && before.every((own) => sentenceEnd.test(itemText(own))),
  )
}

function itemText({children}: ListItem): string {
  const last = children.at(-1)
  return last === undefined ? '' : nodeText(last).trimEnd()
}

/** Words after which no English sentence ends, and marks after which none in any language does. */
const danglingWord = /(?:[([–—]|(?:^|\s)(?:and|or|the|an|because|such as|including|while|its|their))$/
const danglingItem = new RegExp(`,$|${danglingWord.source}`)
/** An item may well end in `what a record consists of`; a paragraph of prose would have a full stop. */
const dangling = new RegExp(String.raw`[:：]$|(?:^|\s)(?:of|with|which|between|from|than)$|${danglingItem.source}`)
/** Emphasis or code that was begun and never ended. */
const openMark = /(?:^|[\s(])\*\*[^*\s][^*]*$|(?:^|[\s(])`[^`\s][^`]*$/
/** A whole word in a script whose sentences end in a full stop; `3-a` and `GET /topics` end otherwise. */
const endsInWord = /\s(?:\p{Script=Latin}|\p{Script=Cyrillic}|\p{Script=Greek}){3,}$/u
/** Fewest words of a paragraph whose missing full stop says something. */
const longParagraph = 12
/** The same of an item in a list all of whose other items have one. */
const longItem = 8
/** A reference at the end of a text, which has no full stop: `[1] AWS, Developer Guide`, `Source: The Times`. */
const reference = /^\[\d{1,3}\]|^\p{Lu}[\p{L} ]{1,20}:\s/u
/** Words that English texts have and others do not, where `par an` and `fängt an` end a sentence. */
const english = /\b(?:the|this|that|are|you|its|when|which)\b/i
/** The words themselves are meant: `the articles a and an`. */
const namedWords = /\b(?:an?|the|and|or|but|because|while|its|their),? (?:and|or|vs\.?|versus) \S+$/i

function cutSentence(
  paragraph: RootContent,
  marks: RegExp,
  fewestWords: number,
  isPunctuatedText: () => boolean,
): string | undefined {
  const text = nodeText(paragraph, {includeHtml: false}).trimEnd()
  const shown = `\`…${text.slice(-40).replaceAll('`', "'")}\``
  if (text.split(/\s+/).length < 4) return undefined
  const lastText = paragraph.type === 'paragraph' ? paragraph.children.at(-1) : undefined
  const isProse = lastText?.type === 'text'
  if (
    (marks.test(text) && (isProse ? isSentence(text) : !endsInLetter.test(text))) ||
    (isProse && openMark.test(lastText.value)) ||
    (lastText?.type !== 'inlineCode' && endsInLink(text))
  )
    return `it breaks off at ${shown}`
  if (!isProse || !endsInWord.test(text) || reference.test(text) || isVerse(paragraph)) return undefined
  return text.split(/\s+/).length >= fewestWords && isPunctuatedText() ? `it breaks off at ${shown}` : undefined
}

/** Whether a text ends within the address of a link. */
function endsInLink(text: string): boolean {
  const at = text.lastIndexOf('](')
  return at !== -1 && !/[)\s]/.test(text.slice(at + 2))
}

const endsInLetter = /\p{L}$/u

/** Whether what a text ends in is no word that English ends a sentence with: it ends in a mark, or is English. */
function isSentence(text: string): boolean {
  return !endsInLetter.test(text) || (english.test(text) && !namedWords.test(text))
}

/** Whether a paragraph has lines of its own: verses and addresses need no full stop. */
function isVerse(paragraph: RootContent): boolean {
  return paragraph.type === 'paragraph' && paragraph.children.some(({type}) => type === 'break')
}

const sentenceEnd = /[.!?:…]["”’»)*_]*$/

/** Whether the paragraphs before end as sentences do, and the last one holds a whole sentence before it breaks off. */
function isPunctuated(before: readonly RootContent[], last: RootContent): boolean {
  const paragraphs = before.filter(({type}) => type === 'paragraph').map((node) => nodeText(node).trimEnd())
  const text = nodeText(last)
  if (!paragraphs.every((own) => sentenceEnd.test(own) || own.split(/\s+/).length < longParagraph)) return false
  return paragraphs.some((own) => sentenceEnd.test(own)) || /\p{Ll}[.!?] \p{Lu}/u.test(text)
}
