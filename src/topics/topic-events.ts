/** What a line of a topic list is, by its form alone. */
export type TopicEvent =
  | {readonly type: 'heading'; readonly depth: number; readonly text: string; readonly line: number; readonly column: number}
  | {
      readonly type: 'item'
      /** Columns before the marker, a tab to the next multiple of four. */
      readonly indent: number
      readonly isNumbered: boolean
      readonly text: string
      readonly line: number
      readonly column: number
    }
  | {readonly type: 'paragraph'; readonly indent: number; readonly text: string; readonly line: number; readonly column: number}
  | {readonly type: 'code'; readonly info: string; readonly lines: readonly string[]; readonly line: number; readonly isClosed: boolean}

const heading = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/
/** Without a space a lone `#` begins a tag. */
const gluedHeading = /^ {0,3}(#{2,6})([^#\s].*?)(?:[ \t]+#+)?[ \t]*$/
const item = /^([ \t]*)([-*+•‣◦▪●–—]|(\d{1,9}|[a-z])[.)])(?:[ \t]+(.*))?$/
const fence = /^([ \t]*)(`{3,}|~{3,})[ \t]*([^`]*)$/
const thematicBreak = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/

interface Open {
  readonly type: 'item' | 'paragraph'
  text: string
}

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
      at += code.lines.length + (code.isClosed ? 1 : 0)
      open = undefined
      continue
    }
    if (open?.type === 'paragraph' && /^ {0,3}(?:=+|-{2,})[ \t]*$/.test(written)) {
      const last = events.pop() as Extract<TopicEvent, {type: 'paragraph'}>
      events.push({type: 'heading', depth: written.includes('=') ? 1 : 2, text: last.text, line: last.line, column: 1})
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
      events.push({type: 'heading', depth: marks.length, text: text.trim(), line, column: written.indexOf('#') + 1})
      open = undefined
      continue
    }
    const listed = item.exec(written)
    if (listed !== null) {
      const [, space = '', , counter, rest = ''] = listed
      const text = rest.replace(/^\[[ xX]\](?=\s)/, '').trim()
      const event = {type: 'item' as const, indent: columnsOf(space), isNumbered: counter !== undefined, text, line}
      const placed = {...event, column: space.length + 1}
      events.push(placed)
      open = placed
      continue
    }
    const text = written.trim().replace(/^>\s?/, '')
    if (open === undefined) {
      const space = /^[ \t]*/.exec(written)?.[0] ?? ''
      const paragraph = {type: 'paragraph' as const, indent: columnsOf(space), text, line, column: space.length + 1}
      events.push(paragraph)
      open = paragraph
    } else open.text += ` ${text}`
  }
  return events
}

function readCode(
  lines: readonly string[],
  at: number,
  [, space = '', marks = '', info = '']: RegExpExecArray,
): Extract<TopicEvent, {type: 'code'}> {
  const code: string[] = []
  const sign = marks[0] as string
  const closing = new RegExp(`^[ \\t]*\\${sign}{${marks.length},}[ \\t]*$`)
  let end = at + 1
  while (end < lines.length && !closing.test(lines[end] as string)) {
    code.push((lines[end] as string).replace(new RegExp(`^[ \\t]{0,${space.length}}`), ''))
    end++
  }
  return {type: 'code', info: info.trim(), lines: code, line: at + 2, isClosed: end < lines.length}
}

function columnsOf(space: string): number {
  let columns = 0
  for (const sign of space) columns = sign === '\t' ? columns - (columns % 4) + 4 : columns + 1
  return columns
}
