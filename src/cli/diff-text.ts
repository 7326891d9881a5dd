import {styleText} from 'node:util'
import type {SectionDiff} from '../diff/diff-books.ts'
import {type DiffLine, diffLines} from '../diff/diff-lines.ts'
import {
  changeWords,
  costWords,
  type DiffReport,
  type ReportRow,
  reportRows,
  sectionName,
  sectionWordCount,
} from '../diff/diff-report.ts'
import type {TextDiff} from '../diff/diff-texts.ts'
import type {Span} from '../diff/word-spans.ts'
import {escapeTerminal} from './escape-terminal.ts'

/** How words are set off: by colour, else by `{+…+}` and `[-…-]`. */
export interface DiffTextOptions {
  readonly hasColor: boolean
}

const marks = {same: ' ', added: '+', removed: '-', changed: '~', note: ' '} as const

/** A report as lines for a terminal; the sequences of texts that a terminal would act on are shown escaped. */
export function diffReportText(report: DiffReport, options: DiffTextOptions): string {
  return reportRows(report)
    .map((row) => `${rowLines(row, report, options).join('\n')}\n`)
    .join('')
}

/** How one text became another, as lines for a terminal, each after `indent`. */
export function textDiffLines(diff: TextDiff, options: DiffTextOptions, indent = ''): string[] {
  if (diff.change === 'same') return []
  if (diff.change === 'reflowed') return [`${indent}  ${styled('dim', '(only reflowed)', options)}`]
  return diffLines(diff).map((line) => indent + lineText(line, options))
}

function rowLines(row: ReportRow, report: DiffReport, options: DiffTextOptions): string[] {
  if (row.type === 'section') return sectionLines(row.section, report, options)
  const from = row.from === undefined ? '' : ` from ${escapeTerminal(row.from)}`
  return [`${styled('bold', escapeTerminal(row.to), options)}  ${row.sections.length} sections moved${from}`]
}

function sectionLines(section: SectionDiff, report: DiffReport, options: DiffTextOptions): string[] {
  const from = section.from === undefined ? '' : ` from ${section.from}`
  const facts = [changeWords(section) + from, sectionWordCount(section), costWords(section.costUsd)]
  const head = `${styled('bold', escapeTerminal(sectionName(section, report)), options)}  ${escapeTerminal(facts.filter((fact) => fact !== '').join('; '))}`
  const parts: (readonly [string, TextDiff | undefined])[] = [
    ['prompt', section.prompt],
    ['own text', section.own],
    ['text', section.text],
  ]
  const shown = parts.filter(([, diff]) => diff !== undefined && diff.change !== 'same' && diff.change !== 'reflowed')
  return [
    head,
    ...shown.flatMap(([title, diff]) => [`  ${title}`, ...textDiffLines(diff as TextDiff, options, '    ')]),
  ]
}

function lineText({type, spans}: DiffLine, options: DiffTextOptions): string {
  if (type === 'note') return `  ${styled('dim', `(${spans.map(({text}) => text).join('')})`, options)}`
  const text = spans.map((span) => spanText(span, type === 'changed', options)).join('')
  return `${marks[type]} ${text}`
}

function spanText({change, text}: Span, isMarked: boolean, options: DiffTextOptions): string {
  const safe = escapeTerminal(text)
  if (change === 'same') return safe
  if (options.hasColor) return styled(change === 'added' ? 'green' : 'red', safe, options)
  if (!isMarked) return safe
  return change === 'added' ? `{+${safe}+}` : `[-${safe}-]`
}

function styled(style: 'bold' | 'dim' | 'green' | 'red', text: string, {hasColor}: DiffTextOptions): string {
  return hasColor ? styleText(style, text, {validateStream: false}) : text
}
