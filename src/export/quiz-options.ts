import type {BookBlock, BookList, BookListItem} from './book-nodes.ts'
import {dropLead} from './drop-lead.ts'
import {phrasingText} from './plain-text.ts'

/** An option while its quiz is read. */
export interface DraftOption {
  readonly letter: string
  readonly children: readonly BookBlock[]
  /** Whether the text itself marks it as the right one. */
  readonly isMarked: boolean
}

const optionMark = /^\(?([A-Ha-h])[.)]\s+/
const mostOptions = 8

/** The options that a list is; a list without letters is one where a question stands before it. */
export function optionsIn(list: BookList, isBehindQuestion: boolean): DraftOption[] | undefined {
  const {children} = list
  if (children.length < 2 || children.length > mostOptions) return undefined
  const letters = children.map((item) => optionMark.exec(ownText(item))?.[1]?.toUpperCase())
  const isLettered = letters.every((letter) => letter !== undefined) && new Set(letters).size === letters.length
  const isPlain = isBehindQuestion && !list.isOrdered && letters.every((letter) => letter === undefined)
  if (!isLettered && !isPlain) return undefined
  return children.map((item, at): DraftOption => {
    const [first, ...rest] = item.children
    const letter = letters[at] ?? String.fromCharCode(65 + at)
    if (first?.type !== 'paragraph') return {letter, children: item.children, isMarked: item.checked === true}
    const count = isLettered ? (optionMark.exec(ownText(item))?.[0].length ?? 0) : 0
    return {
      letter,
      children: [{...first, children: dropLead(first.children, count)}, ...rest],
      isMarked: item.checked === true,
    }
  })
}

function ownText({children: [first]}: BookListItem): string {
  return first?.type === 'paragraph' ? phrasingText(first.children) : ''
}

/** The two options of a statement that is to be judged. */
export function trueFalseOptions(): DraftOption[] {
  return ['True', 'False'].map((value, at) => ({
    letter: at === 0 ? 'A' : 'B',
    children: [{type: 'paragraph', children: [{type: 'text', value}]}],
    isMarked: false,
  }))
}
