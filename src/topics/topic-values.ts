import type {PromptValues} from './outline-unit.ts'
import {isSentence, sidesOf} from './topic-form.ts'
import type {Topic, TopicCode, TopicNote} from './topic-list.ts'

/** A topic as its template may use it. With `hasItems` what is below it has directives of its own and is only named. */
export function topicValues(topic: Topic, hasItems: boolean): PromptValues['topic'] {
  const {head, description, children, notes, code} = topic
  const isOrdered = children.length > 1 && children.every(({isNumbered}) => isNumbered)
  return {
    name: head,
    quoted: head.includes('`') || isSentence(head) ? `'${head}'` : `\`${head}\``,
    description: closed(description),
    points: hasItems ? '' : pointLines(children, isOrdered).join('\n'),
    list: enumerate(children.map((child) => nameOf(child.head))),
    isEnumeration: isEnumeration(description),
    sides: enumerate(sidesOf(topic)),
    notes: noteText(notes),
    code: codeText(code),
    hasItems,
    isQuestion: head.endsWith('?'),
  }
}

/** Values of a directive that is about its whole chapter. */
export const noTopic: PromptValues['topic'] = {
  name: '',
  quoted: '',
  description: '',
  points: '',
  list: '',
  isEnumeration: false,
  sides: '',
  notes: '',
  code: '',
  hasItems: false,
  isQuestion: false,
}

/** A topic's name as it stands in a sentence: without what is in parentheses at its end, a question turned round. */
export function nameOf(head: string): string {
  const [, what, verb, subject] = /^(What|Who|How|Why|When|Where) (is|are|was|were) (.+)\?$/i.exec(head) ?? []
  if (what !== undefined && subject !== undefined) return `${what.toLowerCase()} ${subject} ${verb}`
  if (head.endsWith('?')) return `'${head}'`
  const short = head.replace(/\s+\([^)]*\)$/, '')
  return short === '' ? head : short
}

/** Names in words: `A, B and C`; with semicolons where a name has a comma of its own. */
export function enumerate(names: readonly string[], more = 0): string {
  const all = more > 0 ? [...names, `${more} further ${more === 1 ? 'topic' : 'topics'}`] : names
  const last = all.at(-1) ?? ''
  if (all.length < 2) return last
  const separator = all.some((name) => name.includes(',')) ? '; ' : ', '
  return `${all.slice(0, -1).join(separator)}${separator === '; ' ? '; ' : ' '}and ${last}`
}

function isEnumeration(description: string): boolean {
  const parts = description
    .replace(/\([^)]*\)/g, '')
    .replace(/[.;]$/, '')
    .split(/,\s+/)
  // `Handles setup, patching, scaling` is one statement.
  const isStatement = /^\p{Lu}\p{Ll}+s \p{Ll}/u.test(description)
  return !isStatement && parts.length > 2 && parts.every((part) => part.trim().split(/\s+/).length <= 4)
}

/** With a full stop where nothing ends it, for a sentence may follow. */
function closed(text: string): string {
  return text === '' || /[.!?:;…)\]"'”’`]$/.test(text) ? text.replace(/(?<=[)\]"'”’`])$/, '.') : `${text}.`
}

/** Paragraphs as one text. */
export function noteText(notes: readonly TopicNote[]): string {
  return notes.map(({text}) => closed(text)).join(' ')
}

/** Fenced code, one block after the other, with fences longer than any in it. */
export function codeText(blocks: readonly TopicCode[]): string {
  return blocks
    .map(({info, lines}) => {
      const longest = Math.max(2, ...lines.map((line) => /^\s*(`+)/.exec(line)?.[1]?.length ?? 0))
      const fence = '`'.repeat(longest + 1)
      return [`${fence}${info}`, ...lines, fence].join('\n')
    })
    .join('\n\n')
}

function pointLines(topics: readonly Topic[], isOrdered: boolean, indent = ''): string[] {
  return topics.flatMap(({text, children, notes, code}, at) => {
    const marker = isOrdered ? `${at + 1}.` : '-'
    const inner = `${indent}${' '.repeat(marker.length + 1)}`
    // Deeper than this no reader follows a list, and indentation would grow with the square of the depth.
    const below = inner.length > 24 ? indent : inner
    const isOrderedBelow = children.length > 1 && children.every(({isNumbered}) => isNumbered)
    return [
      `${indent}${marker} ${[text, ...notes.map((note) => note.text)].join(' ')}`,
      ...(code.length === 0
        ? []
        : codeText(code)
            .split('\n')
            .map((line) => (line === '' ? '' : inner + line))),
      ...pointLines(children, isOrderedBelow, below),
    ]
  })
}
