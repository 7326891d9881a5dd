interface Placed {
  /** Its first line, from 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** All lines whose words it has. */
  readonly lines: readonly number[]
}

/** A heading of a topic list. */
interface HeadingEvent extends Placed {
  readonly type: 'heading'
  readonly depth: number
  readonly text: string
}

/** A list item, or a paragraph outside of lists. */
interface TextEvent extends Placed {
  readonly type: 'item' | 'paragraph'
  /** Columns before it, a tab to the next multiple of four. */
  readonly indent: number
  readonly isNumbered: boolean
  readonly text: string
}

/** A fenced block; its line is the first one of code. */
interface CodeEvent extends Placed {
  readonly type: 'code'
  readonly info: string
  readonly code: readonly string[]
  readonly isClosed: boolean
}

/** What a line of a topic list is, by its form alone. */
export type TopicEvent = HeadingEvent | TextEvent | CodeEvent

const heading = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/
/** Without a space a lone `#` begins a tag. */
const gluedHeading = /^ {0,3}(#{2,6})([^#\s].*?)(?:[ \t]+#+)?[ \t]*$/
const item = /^([ \t]*)([-*+•‣◦▪●–—]|(\d{1,9}|[a-z])[.)])(?:[ \t]+(.*))?$/
const fence = /^([ \t]*)(`{3,}|~{3,})[ \t]*([^`]*)$/
const thematicBreak = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/

type Open = {-readonly [Key in keyof TextEvent]: TextEvent[Key]} & {lines: number[]}

/** Reads the lines of a topic list from `from` on, numbered from 1, into what they are. Blank lines give nothing. */
export function readTopicEvents(lines: readonly string[], from = 0): TopicEvent[] {
  const events: TopicEvent[] = []
  /** The item or paragraph that a further line continues. */
  let open: Open | undefined
  let isComment = false
  for (let at = from; at < lines.length; at++) {
    const written = lines[at] as string
    const line = at + 1
    if (isComment) {
      isComment = !written.includes('-->')
      continue
    }
    if (written.trim() === '') {
      open = undefined
      continue
    }
    if (/^\s*<!--/.test(written)) {
      // An unclosed comment would take the whole list with it.
      isComment = !written.includes('-->') && lines.slice(at, at + 200).some((one) => one.includes('-->'))
      open = undefined
      continue
    }
    const fenced = fence.exec(written)
    if (fenced !== null) {
      const code = readCode(lines, at, fenced)
      events.push(code)
      at += code.code.length + (code.isClosed ? 1 : 0)
      open = undefined
      continue
    }
    if (open?.type === 'paragraph' && /^ {0,3}(?:=+|-{2,})[ \t]*$/.test(written)) {
      events.pop()
      const {text, line: first, column, lines: all} = open
      events.push({type: 'heading', depth: written.includes('=') ? 1 : 2, text, line: first, column, lines: all})
      open = undefined
      continue
    }
    if (thematicBreak.test(written)) {
      open = undefined
      continue
    }
    const headed = heading.exec(written) ?? gluedHeading.exec(written)
    if (headed !== null) {
      const [, marks = '', text = ''] = headed
      const column = written.indexOf('#') + 1
      events.push({type: 'heading', depth: marks.length, text: text.trim(), line, column, lines: [line]})
      open = undefined
      continue
    }
    const listed = item.exec(written)
    if (listed !== null) {
      const [, space = '', , counter, rest = ''] = listed
      const text = rest.replace(/^\[[ xX]\](?=\s)/, '').trim()
      open = openText('item', text, space, line, counter !== undefined)
      events.push(open)
      continue
    }
    const text = written.trim().replace(/^>\s?/, '')
    if (open === undefined) {
      open = openText('paragraph', text, /^[ \t]*/.exec(written)?.[0] ?? '', line, false)
      events.push(open)
    } else {
      open.text += ` ${text}`
      open.lines.push(line)
    }
  }
  return events
}

function openText(type: Open['type'], text: string, space: string, line: number, isNumbered: boolean): Open {
  return {type, indent: columnsOf(space), isNumbered, text, line, column: space.length + 1, lines: [line]}
}

function readCode(
  lines: readonly string[],
  at: number,
  [, space = '', marks = '', info = '']: RegExpExecArray,
): CodeEvent {
  const code: string[] = []
  const sign = marks[0] as string
  const closing = new RegExp(`^[ \\t]*\\${sign}{${marks.length},}[ \\t]*$`)
  const indent = new RegExp(`^[ \\t]{0,${space.length}}`)
  let end = at + 1
  while (end < lines.length && !closing.test(lines[end] as string)) {
    code.push((lines[end] as string).replace(indent, ''))
    end++
  }
  const isClosed = end < lines.length
  const numbers = code.map((_, offset) => at + 2 + offset)
  return {type: 'code', info: info.trim(), code, line: at + 2, column: 1, isClosed, lines: numbers}
}

function columnsOf(space: string): number {
  let columns = 0
  for (const sign of space) columns = sign === '\t' ? columns - (columns % 4) + 4 : columns + 1
  return columns
}
