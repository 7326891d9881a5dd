import type {DirectiveKind} from '../model/job.ts'
import {type CourseFacts, readCourseFacts, type Statement} from './companion-statements.ts'
import type {DraftTask} from './draft-task.ts'

/** Composes one part of a companion from what the course says; undefined where the course says nothing for it. */
type CompanionComposer = (facts: CourseFacts, task: DraftTask) => string | undefined

const composers: Readonly<Partial<Record<DirectiveKind, CompanionComposer>>> = {
  lead: composeLead,
  facts: composeFacts,
  'call-out': composeCallOut,
  'use-cases': (facts) => bullets(spread(facts, 6).map(({text}) => text)),
  features: (facts) => bullets(spread(facts, 7).map((one) => `**${nameOf(one)}:** ${one.text}`)),
  notes: (facts) => bullets(spread(facts, 4).map((one) => `${codeOf(nameOf(one))}: ${one.text}`)),
  tips: (facts) => numbered(spread(facts, 6).map((one) => `${codeOf(nameOf(one))}: ${one.text}`)),
  comparison: composeComparison,
  'summary-table': (facts) => table(['Scenario or keyword', 'What answers it'], rowsOf(facts, 16)),
  choices: composeChoices,
}

/** Whether a kind is one of companions, whose drafts are made from the texts of the course. */
export function isCompanionKind(kind: DirectiveKind): boolean {
  return composers[kind] !== undefined
}

/**
 * Blocks of a companion's draft: its statements are the course's own, with their citations, and none stands twice. Says
 * so where no text of the course gives one.
 */
export function composeCompanion(task: DraftTask): readonly string[] {
  const text = composers[task.kind]?.(readCourseFacts(task.upstream ?? []), task)
  return [text ?? 'No text of the course covers this yet.']
}

/** What the course is about in a sentence, of a paragraph in two. */
function composeLead({texts}: CourseFacts, {container}: DraftTask): string | undefined {
  const sentences = (texts[0] ?? []).slice(0, container === 'block' ? 2 : 1).map((one) => sentenceOf(one))
  return sentences.length === 0 ? undefined : sentences.join(' ')
}

function composeFacts(facts: CourseFacts): string | undefined {
  return bullets(spread(facts, 5).map(boldFact))
}

function composeCallOut({texts, terms}: CourseFacts, {headingPath}: DraftTask): string | undefined {
  const [first] = texts[0] ?? []
  if (first === undefined) return undefined
  const words = (terms.length > 0 ? terms : [...new Set(texts.map(([one]) => one?.title ?? ''))]).slice(0, 3)
  const subject = words.length === 0 ? [headingPath.at(-1) ?? first.title] : words
  const named = subject.map((word) => `*${escapeInline(word)}*`).join(', ')
  return `> **Exam signal:** Look for ${named}. ${sentenceOf(first)}`
}

/** A table that the course has, else one of what it says under each title. */
function composeComparison(facts: CourseFacts): string | undefined {
  const {tables} = facts
  const widest = [...tables].sort((one, other) => widthOf(other) - widthOf(one))[0]
  if (widest !== undefined && widthOf(widest) >= 3) return widest
  return table(['Aspect', 'What the course says'], rowsOf(facts, 7))
}

const against = /\b(?:not|never|avoid|unless|without|cannot|instead|rather than|less|simpler|alternative)\b/i

function composeChoices(facts: CourseFacts): string | undefined {
  const all = spread(facts, 60)
  const forIt = all.filter(({text}) => !against.test(text)).slice(0, 4)
  const againstIt = all.filter(({text}) => against.test(text)).slice(0, 3)
  const part = (label: string, statements: readonly Statement[]): string[] =>
    statements.length === 0 ? [] : [`- **${label}**\n${statements.map(({text}) => `  - ${text}`).join('\n')}`]
  const parts = [...part('Choose it when:', forIt), ...part('Look elsewhere when:', againstIt)]
  return parts.length === 0 ? undefined : parts.join('\n')
}

/** Names with a statement on each, none twice. */
function rowsOf(facts: CourseFacts, limit: number): string[][] {
  const rows = new Map<string, string>()
  for (const one of spread(facts, 2 * limit)) if (!rows.has(nameOf(one))) rows.set(nameOf(one), one.text)
  return [...rows].slice(0, limit).map(([name, text]) => [`**${escapeInline(name)}**`, text])
}

/** Statements in turn of each text, so that no text is left out for another's length; back in the order of the texts. */
function spread({texts}: CourseFacts, limit: number, perText = limit): Statement[] {
  const chosen = new Set<Statement>()
  const step = Math.max(1, texts.length / limit)
  const first = new Set(texts.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step)))
  const rows = [...first, ...texts.filter((row) => !first.has(row))]
  for (let at = 0; at < perText && chosen.size < limit; at++) {
    const before = chosen.size
    for (const row of rows) {
      const one = row[at]
      if (one !== undefined && chosen.size < limit) chosen.add(one)
    }
    if (chosen.size === before) break
  }
  return texts.flat().filter((one) => chosen.has(one))
}

/** Two words with capitals or more, which name something, outside links and code. */
const properName =
  /(?<![[(`*_\p{L}])(?!(?:The|An?|In|On|At|As|By|For|From|With|When|If|Each|Every|All|Under|After|Before|Use) )\p{Lu}[\p{L}\p{N}]+(?: \p{Lu}[\p{L}\p{N}]*)+(?![\])`*_\p{L}])/u

/** A statement with what decides it in bold: its term, what it names, or the title of its text. */
function boldFact(one: Statement): string {
  if (one.term !== '') return `**${escapeInline(one.term)}**: ${one.text}`
  if (one.text.includes('**')) return one.text
  const plain = one.title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const named = new RegExp(`\\b${plain}\\b`, 'iu').exec(one.text) ?? properName.exec(one.text)
  const isInLink = named !== null && /\[[^\]]*$/.test(one.text.slice(0, named.index))
  if (named === null || isInLink || /`[^`]*$/.test(one.text.slice(0, named.index)))
    return `**${escapeInline(one.title)}:** ${one.text}`
  const end = named.index + named[0].length
  return `${one.text.slice(0, named.index)}**${named[0]}**${one.text.slice(end)}`
}

function sentenceOf({term, text}: Statement): string {
  return term === '' ? text : `**${escapeInline(term)}**: ${text}`
}

function nameOf({term, title}: Statement): string {
  return term === '' ? title : term
}

function codeOf(name: string): string {
  return `\`${name.replaceAll('`', '')}\``
}

function bullets(lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : lines.map((line) => `- ${line}`).join('\n')
}

function numbered(lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : lines.map((line, at) => `${at + 1}. ${line}`).join('\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string | undefined {
  if (rows.length === 0) return undefined
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function widthOf(markdown: string): number {
  return (markdown.split('\n', 1)[0]?.match(/(?<!\\)\|/g)?.length ?? 1) - 1
}

function escapeInline(text: string): string {
  return text.replace(/[\\*_`[\]<]/g, '\\$&')
}
