/** One block of a note, in the order of the text; inline Markdown is still as written. */
export type NoteBlock = NoteBlockContent & {
  /** Line of the note on which it begins, from 1. */
  readonly line: number
}

type NoteBlockContent =
  | {readonly kind: 'heading'; readonly depth: number; readonly text: string}
  | {readonly kind: 'paragraph' | 'bullet'; readonly text: string}
  | {readonly kind: 'table'; readonly rows: readonly (readonly string[])[]; readonly delimiter: string}
  | {readonly kind: 'code'; readonly language: string; readonly code: string}
  | {readonly kind: 'link'; readonly label: string; readonly url: string; readonly title: string}

/** A note as read by lines: `title` is that of its front matter, empty where there is none. */
export interface NoteText {
  readonly title: string
  readonly blocks: readonly NoteBlock[]
}

const headingLine = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/
const bulletLine = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(.*)$/
const fenceLine = /^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(`{3,}|~{3,})([^`]*)$/
const breakLine = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/
const underline = /^ {0,3}(?:=+|-+)[ \t]*$/
const linkLine = /^ {0,3}\[([^\]]+)\]:[ \t]*(\S.*)$/
const delimiterCell = /^:?-+:?$/
const definitionStart = /^\*\*[^*]{1,80}(?:\*\*[ \t]*:|:\*\*)/
const tagsOnly = /^[ \t]*(?:<[/a-zA-Z][^<>]*>[ \t]*)+$/

/**
 * Reads a note line by line, in time linear in its length; never throws. Code in a fence that is not closed is
 * left out.
 */
export function readNoteBlocks(note: string): NoteText {
  const lines = note.replace(/^\uFEFF/, '').split(/\r\n?|\n/)
  const front = readFrontMatter(lines)
  const blocks: NoteBlock[] = []
  let open: {kind: 'paragraph' | 'bullet'; lines: string[]; line: number} | undefined
  let isInList = false
  let at = front.end

  function close(): void {
    if (open !== undefined) blocks.push({kind: open.kind, text: open.lines.join(' ').trim(), line: open.line})
    open = undefined
  }

  while (at < lines.length) {
    const {line, isQuoted} = unquote(lines[at] ?? '')
    const fence = fenceLine.exec(line)
    if (fence !== null) {
      close()
      const code = readFence(lines, at, fence, isQuoted)
      if (code.block !== undefined) blocks.push({...code.block, line: at + 1})
      at = code.end
      continue
    }
    at += 1
    if (line.trim() === '') {
      close()
      continue
    }
    if (line.trimStart().startsWith('<!--')) {
      close()
      at = findLine(lines, at - 1, '-->') + 1
      continue
    }
    const heading = headingLine.exec(line)
    if (heading !== null) {
      close()
      isInList = false
      blocks.push({
        kind: 'heading',
        depth: heading[1]?.length ?? 1,
        text: withoutClosingMarks(heading[2] ?? ''),
        line: at,
      })
      continue
    }
    if (open?.kind === 'paragraph' && underline.test(line)) {
      blocks.push({
        kind: 'heading',
        depth: line.includes('=') ? 1 : 2,
        text: open.lines.join(' ').trim(),
        line: open.line,
      })
      open = undefined
      continue
    }
    if (breakLine.test(line)) {
      close()
      continue
    }
    const link = readLink(line)
    if (link !== undefined) {
      close()
      blocks.push({...link, line: at})
      continue
    }
    const table = readTable(lines, at - 1)
    if (table !== undefined) {
      close()
      blocks.push({...table.block, line: at})
      at = table.end
      continue
    }
    const bullet = bulletLine.exec(line)
    if (bullet !== null) {
      close()
      isInList = true
      open = {kind: 'bullet', lines: [(bullet[1] ?? '').replace(/^\[[ xX]\][ \t]+/, '')], line: at}
      continue
    }
    if (tagsOnly.test(line) || /^\[![A-Z]+\]$/.test(line.trim())) continue
    const isIndented = /^(?: {4}|\t)/.test(line)
    if (open === undefined && isIndented && !isInList) continue
    if (open === undefined && !/^[ \t]/.test(line)) isInList = false
    if (open === undefined || definitionStart.test(line)) {
      close()
      open = {kind: 'paragraph', lines: [line.trim()], line: at}
    } else {
      open.lines.push(line.trim())
    }
  }
  close()
  return {title: front.title, blocks}
}

function readFrontMatter(lines: readonly string[]): {title: string; end: number} {
  if (lines[0]?.trimEnd() !== '---') return {title: '', end: 0}
  let title = ''
  for (let at = 1; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line.startsWith('title:')) title = withoutQuotes(line.slice(6).trim())
    if (line.trimEnd() === '---' || line.trimEnd() === '...') return {title, end: at + 1}
  }
  return {title: '', end: 0}
}

function readFence(lines: readonly string[], at: number, opening: RegExpExecArray, isQuoted: boolean) {
  const [, before = '', mark = '', language = ''] = opening
  const code: string[] = []
  for (let next = at + 1; next < lines.length; next += 1) {
    const quoted = unquote(lines[next] ?? '')
    if (isQuoted && !quoted.isQuoted) return {end: next}
    const line = isQuoted ? quoted.line : (lines[next] ?? '')
    const text = line.trim()
    if (text.length >= mark.length && text.startsWith(mark) && text === mark.charAt(0).repeat(text.length)) {
      const block: NoteBlockContent = {kind: 'code', language: language.trim(), code: code.join('\n')}
      return {block, end: next + 1}
    }
    code.push(withoutIndent(line, before.length))
  }
  return {end: lines.length}
}

function readTable(lines: readonly string[], at: number) {
  const header = unquote(lines[at] ?? '').line
  const delimiter = unquote(lines[at + 1] ?? '').line
  if (!header.includes('|') || !delimiter.includes('-') || !delimiter.includes('|')) return undefined
  const marks = splitCells(delimiter)
  const head = splitCells(header)
  if (marks.length !== head.length || !marks.every((mark) => delimiterCell.test(mark))) return undefined
  const rows = [head]
  let end = at + 2
  for (; end < lines.length; end += 1) {
    const {line} = unquote(lines[end] ?? '')
    if (line.trim() === '' || !line.includes('|')) break
    const cells = splitCells(line).slice(0, head.length)
    while (cells.length < head.length) cells.push('')
    rows.push(cells)
  }
  const block: NoteBlockContent = {kind: 'table', rows, delimiter: `| ${marks.join(' | ')} |`}
  return {block, end}
}

/** Cells of a table's row, trimmed; a pipe after a backslash does not end one. */
function splitCells(row: string): string[] {
  const text = row.trim()
  const cells: string[] = []
  let cell = ''
  for (let at = text.startsWith('|') ? 1 : 0; at < text.length; at += 1) {
    const mark = text.charAt(at)
    if (mark === '\\') {
      cell += text.slice(at, at + 2)
      at += 1
    } else if (mark === '|') {
      cells.push(cell.trim())
      cell = ''
    } else {
      cell += mark
    }
  }
  if (cell.trim() !== '') cells.push(cell.trim())
  return cells
}

function readLink(line: string): NoteBlockContent | undefined {
  const parts = linkLine.exec(line)
  if (parts === null) return undefined
  const [, label = '', rest = ''] = parts
  if (label.startsWith('^')) {
    const inline = /\[([^\]]+)\]\((https?:[^\s)]+)\)/.exec(rest)
    const url = inline?.[2] ?? /https?:[^\s<>)]+/.exec(rest)?.[0] ?? ''
    return {kind: 'link', label, url, title: inline?.[1] ?? ''}
  }
  const space = rest.search(/[ \t]/)
  const url = (space === -1 ? rest : rest.slice(0, space)).replace(/^<|>$/g, '')
  return {kind: 'link', label, url, title: space === -1 ? '' : withoutQuotes(rest.slice(space).trim())}
}

function unquote(line: string): {line: string; isQuoted: boolean} {
  const mark = /^ {0,3}>(?: ?>)* ?/.exec(line)
  return mark === null ? {line, isQuoted: false} : {line: line.slice(mark[0].length), isQuoted: true}
}

function withoutQuotes(text: string): string {
  const first = text.charAt(0)
  const last = first === '(' ? ')' : first
  return /["'(]/.test(first) && text.length > 1 && text.endsWith(last) ? text.slice(1, -1) : text
}

function withoutClosingMarks(text: string): string {
  const trimmed = text.trim()
  let end = trimmed.length
  while (trimmed.charAt(end - 1) === '#') end -= 1
  return end === trimmed.length || !/\s/.test(trimmed.charAt(end - 1)) ? trimmed : trimmed.slice(0, end).trim()
}

function withoutIndent(line: string, width: number): string {
  let start = 0
  while (start < width && /[ \t]/.test(line.charAt(start))) start += 1
  return line.slice(start)
}

function findLine(lines: readonly string[], from: number, mark: string): number {
  for (let at = from; at < lines.length; at += 1) if (lines[at]?.includes(mark)) return at
  return lines.length
}
