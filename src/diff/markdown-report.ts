import type {SectionDiff} from './diff-books.ts'
import {blockLines, type DiffLine, diffLines} from './diff-lines.ts'
import {
  changeWords,
  costWords,
  type DiffReport,
  type ReportRow,
  reportRows,
  sectionName,
  sectionWordCount,
  totalsLine,
} from './diff-report.ts'
import type {BlockDiff, TextDiff} from './diff-texts.ts'
import {escapeHtml} from './html-page.ts'
import type {Span} from './word-spans.ts'

/** Characters that a comment on GitHub may have, less what a workflow may put around it. */
const mostCharacters = 60_000

/** Share of them for the table at the top. */
const tableShare = 0.4

/** Characters of one section's details. */
const mostOfSection = 12_000

/**
 * A report as a comment on a pull request: a table of the sections, and what changed in each, folded. No text can put
 * markup, a mention or a reference into it, and it stays below the size that a comment may have.
 */
export function markdownReport(report: DiffReport): string {
  const title = `### ${inline(report.base)} → ${inline(report.head)}: ${inline(totalsLine(report))}`
  if (report.sections.length === 0) return `${title}\n`
  const rows = reportRows(report)
  const table = [
    '| section | change | words | cost |',
    '| --- | --- | --- | --- |',
    ...upTo(
      rows.map((row) => tableRow(row, report)),
      mostCharacters * tableShare,
      (left) => `| *${left} more* | | | |`,
    ),
  ].join('\n')
  const details = report.sections.flatMap((section) => sectionDetails(section, report))
  const rest = mostCharacters - title.length - table.length
  const shown = upTo(details, rest, (left) => `*Details of ${left} more ${plural('section', left)} are left out.*\n`)
  return `${title}\n\n${table}\n\n${shown.join('\n')}`.replace(/\n*$/, '\n')
}

/** As many pieces as fit, and a word about those that do not. */
function upTo(pieces: readonly string[], mostLength: number, sayLeft: (left: number) => string): string[] {
  let length = 0
  for (const [at, piece] of pieces.entries()) {
    length += piece.length + 1
    if (length > mostLength - 100) return [...pieces.slice(0, at), sayLeft(pieces.length - at)]
  }
  return [...pieces]
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`
}

function tableRow(row: ReportRow, report: DiffReport): string {
  if (row.type === 'moves') {
    const from = row.from === undefined ? '' : ` from ${code(row.from)}`
    return `| ${code(row.to)} | ${row.sections.length} moved${from} | | |`
  }
  const {section} = row
  const from = section.from === undefined ? '' : ` from ${code(section.from)}`
  const cells = [
    changeWords(section) + from,
    sectionWordCount(section).replace(/ words?$/, ''),
    costWords(section.costUsd),
  ]
  return `| ${code(sectionName(section, report))} | ${cells.map((cell, at) => (at === 0 ? cell : inline(cell))).join(' | ')} |`
}

function sectionDetails(section: SectionDiff, report: DiffReport): string[] {
  const parts = [
    ...textPart('Prompt', section.prompt),
    ...textPart('Own text', section.own),
    ...textPart('Text', section.text),
  ]
  if (parts.length === 0) return []
  const count = sectionWordCount(section)
  const facts = [changeWords(section), count].filter((part) => part !== '').join(', ')
  // A line of HTML, in which Markdown's escapes would be shown.
  const summary = `<code>${escapeHtml(sectionName(section, report))}</code> ${inHtml(section.title)} (${facts})`
  const body = upTo(parts, mostOfSection, (left) => `*${left} more ${plural('block', left)}*\n`).join('\n')
  return [`<details><summary>${summary}</summary>\n\n${body}\n</details>\n`]
}

function textPart(title: string, diff: TextDiff | undefined): string[] {
  if (diff === undefined || diff.change === 'same' || diff.change === 'reflowed') return []
  const parts: string[] = [`**${title}**\n`]
  let same = 0
  for (const block of diff.blocks) {
    if (block.change === 'same') {
      same++
      continue
    }
    if (same > 0) parts.push('…\n')
    same = 0
    parts.push(`${block.kind === 'code' ? codeBlock(block) : `${spansMarkdown(block)}`}\n`)
  }
  if (same > 0) parts.push('…\n')
  return parts
}

function spansMarkdown({spans}: BlockDiff): string {
  return spans
    .map(({change, text}: Span, at) => {
      const safe = at === 0 && change === 'same' ? atLineStart(inline(text)) : inline(text)
      return change === 'same' ? safe : change === 'added' ? `<ins>${safe}</ins>` : `<del>${safe}</del>`
    })
    .join('')
}

const marks = {same: ' ', added: '+', removed: '-', changed: '+', note: ' '} as const

/** Code as a patch in a fence that none of its lines can close. */
function codeBlock(block: BlockDiff): string {
  const isWhole = block.change !== 'changed'
  const lines = isWhole ? blockLines(block) : diffLines({blocks: [block]})
  const text = lines.map(({type, spans}: DiffLine) => {
    const line = spans.map((span) => span.text).join('')
    return `${marks[type]} ${type === 'note' ? `(${line})` : line}`
  })
  const shown = upTo(text, mostOfSection / 2, (left) => `  (${left} more ${plural('line', left)})`).join('\n')
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}diff\n${shown}\n${fence}`
}

/** Joins nothing and shows nothing: keeps GitHub from reading a mention, a reference or an address. */
const joiner = '\u2060'

/** An id as code, in which nothing else is read; where it holds a mark of its own, as text. */
function code(id: string): string {
  return /^[\p{L}\p{N}\p{M}_\-/#:.*]+$/u.test(id) ? `\`${id}\`` : inline(id)
}

/** Text that Markdown, HTML and the marks of GitHub and GitLab leave as it is within a line. */
function inline(text: string): string {
  return unlinked(text.replace(/\s*\n\s*/g, ' ')).replace(/[\\`*_[\]#|~<>&$]/g, escapeMark)
}

/** Text that begins no list, heading, code or command where a line begins with it. */
function atLineStart(safe: string): string {
  return safe
    .replace(/^[ \t]+/, (spaces) => '\u00a0'.repeat(spaces.length))
    .replace(/^(\u00a0*)([-+=:/])/, '$1\\$2')
    .replace(/^(\u00a0*\d{1,9})([.)])/, '$1\\$2')
}

/** Text in which nothing is a mention, a reference or an address. */
function unlinked(text: string): string {
  return text.replace(/[@#](?=\S)|[!~%&](?=\w)|:(?=\/\/)|\bGH(?=-\d)|\bwww(?=\.)/gi, (mark) => mark + joiner)
}

/** Text in a line of HTML, where Markdown's escapes do not count. */
function inHtml(text: string): string {
  return escapeHtml(unlinked(text.replace(/\s+/g, ' ')))
}

function escapeMark(mark: string): string {
  switch (mark) {
    case '&':
      return '&amp;'
    case '<':
      return '&lt;'
    case '>':
      return '&gt;'
    case '$':
      return '<span>$</span>'
    default:
      return `\\${mark}`
  }
}
