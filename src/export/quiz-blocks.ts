import type {BookBlock, BookList, BookPhrasing, BookQuiz, QuizQuestion} from './book-nodes.ts'
import {blockText} from './plain-text.ts'

/** A quiz without its answers, as ordinary blocks: numbered questions with lettered options. */
export function questionBlocks({parts}: BookQuiz): BookBlock[] {
  return parts.flatMap((part): BookBlock[] => {
    if (part.type !== 'question') return [part]
    const [first, ...rest] = part.prompt
    return [...withLead(boldLabel(`${part.number}.`), first), ...rest, ...optionList(part)]
  })
}

/** The answers of a quiz as ordinary blocks: the right letters and what is said of them, by the questions' numbers. */
export function answerBlocks({parts, closing}: BookQuiz): BookBlock[] {
  const answers = parts.flatMap((part): BookBlock[] => {
    if (part.type !== 'question') return []
    const letters = correctLabels(part).join(', ')
    const label = letters === '' ? `${part.number}.` : `${part.number}. ${letters}`
    const [first, ...rest] = part.explanation
    const lead = boldLabel(label)
    if (letters !== '' && first?.type === 'paragraph') lead.push({type: 'text', value: '– '})
    return [...withLead(lead, first), ...rest]
  })
  return [...answers, ...closing]
}

/** What the right options of a question are called: their letters, or the words of a question of true or false. */
export function correctLabels({form, options}: QuizQuestion): string[] {
  const right = options.filter(({isCorrect}) => isCorrect)
  return right.map(({letter, children}) => (form === 'true-false' ? blockText(children).trim() : letter))
}

function optionList({options, form}: QuizQuestion): BookList[] {
  if (options.length === 0) return []
  const children = options.map(({letter, children: [first, ...rest]}) => ({
    type: 'listItem' as const,
    children: [
      ...(form === 'true-false'
        ? first === undefined
          ? []
          : [first]
        : withLead([{type: 'text', value: `${letter}) `}], first)),
      ...rest,
    ],
  }))
  return [{type: 'list', isOrdered: false, start: 1, isLoose: false, children}]
}

/** The space stands behind the bold words: bold words that follow would run into them. */
function boldLabel(label: string): BookPhrasing[] {
  return [
    {type: 'strong', children: [{type: 'text', value: label}]},
    {type: 'text', value: ' '},
  ]
}

/** A block with phrasing put before its text; before it where it is no paragraph. */
function withLead(lead: readonly BookPhrasing[], block: BookBlock | undefined): BookBlock[] {
  if (block?.type === 'paragraph') return [{...block, children: [...lead, ...block.children]}]
  return [{type: 'paragraph', children: lead}, ...(block === undefined ? [] : [block])]
}
