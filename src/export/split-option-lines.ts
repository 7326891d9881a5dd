import type {BookBlock, BookList, BookParagraph, BookPhrasing} from './book-nodes.ts'
import {phrasingText} from './plain-text.ts'

const optionLine = /^\(?([A-Ha-h])[.)]\s+\S/
const answerLine = /^[^\p{L}\p{N}]{0,4}(?:the )?(?:correct )?(?:answer|solution|explanation)\b/iu

type Line = readonly BookPhrasing[]

/** Blocks of a quiz in which options that are lines of one paragraph are a list; those within items of lists too. */
export function splitOptionLines(blocks: readonly BookBlock[]): BookBlock[] {
  return blocks.flatMap((block): BookBlock[] => {
    if (block.type === 'paragraph') return splitParagraph(block)
    if (block.type !== 'list') return [block]
    return [{...block, children: block.children.map((item) => ({...item, children: splitOptionLines(item.children)}))}]
  })
}

function splitParagraph(paragraph: BookParagraph): BookBlock[] {
  const lines = linesOf(paragraph.children)
  const letters = lines.map((line) => optionLine.exec(phrasingText(line).trimStart())?.[1]?.toUpperCase())
  const start = letters.indexOf('A')
  const lettered = letters.slice(start).filter((letter) => letter !== undefined)
  // Letters in their order, else they are initials or the words of a sentence.
  const isRun = lettered.length >= 2 && lettered.every((letter, at) => letter === String.fromCharCode(65 + at))
  if (start === -1 || !isRun || letters.slice(0, start).some((letter) => letter !== undefined)) return [paragraph]
  const last = letters.findLastIndex((letter) => letter !== undefined)
  const answer = lines.findIndex((line, at) => at > last && answerLine.test(phrasingText(line).trimStart()))
  const end = answer === -1 ? lines.length : answer
  const options: Line[] = []
  for (let at = start; at < end; at++) {
    const line = lines[at] as Line
    if (letters[at] !== undefined) options.push(line)
    else options.push([...(options.pop() ?? []), {type: 'text', value: '\n'}, ...line])
  }
  const {line} = paragraph
  const own = (children: Line): BookParagraph => ({
    type: 'paragraph',
    children,
    ...(line === undefined ? {} : {line}),
  })
  const list: BookList = {
    type: 'list',
    isOrdered: false,
    start: 1,
    isLoose: false,
    children: options.map((children) => ({type: 'listItem', children: [own(children)]})),
    ...(line === undefined ? {} : {line}),
  }
  return [
    ...(start === 0 ? [] : [own(joinLines(lines.slice(0, start)))]),
    list,
    ...(answer === -1 ? [] : [own(joinLines(lines.slice(answer)))]),
  ]
}

/** The lines of phrasing, at breaks and where the source has a line end. */
function linesOf(nodes: readonly BookPhrasing[]): Line[] {
  const lines: BookPhrasing[][] = [[]]
  for (const node of nodes) {
    if (node.type === 'break') lines.push([])
    else if (node.type !== 'text') lines.at(-1)?.push(node)
    else {
      node.value.split('\n').forEach((value, at) => {
        if (at > 0) lines.push([])
        const text = lines.at(-1)?.length === 0 ? value.trimStart() : value
        if (text !== '') lines.at(-1)?.push({type: 'text', value: text})
      })
    }
  }
  return lines.filter((line) => line.length > 0)
}

function joinLines(lines: readonly Line[]): Line {
  return lines.flatMap((line, at): Line => (at === 0 ? line : [{type: 'text', value: '\n'}, ...line]))
}
