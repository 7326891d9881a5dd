import type {DirectiveKind} from '../model/job.ts'
import {CompanionFacts, findDecisive, findName, nameOf, ownName, sharesWord, weightOf} from './companion-facts.ts'
import {readCourseFacts, type Statement} from './companion-statements.ts'
import {chooseSides, subjectNames} from './compose-choices.ts'
import {type DraftTask, withoutNumber} from './draft-task.ts'

/** Composes one part of a companion from what the course says; undefined where the course says nothing for it. */
type CompanionComposer = (facts: CompanionFacts, task: DraftTask) => string | undefined

const composers: Readonly<Partial<Record<DirectiveKind, CompanionComposer>>> = {
  lead: composeLead,
  facts: (facts) => bullets(facts.choose(5).map(boldFact)),
  'call-out': composeCallOut,
  'use-cases': (facts) => bullets(facts.choose(6, weightOfUse).map((one) => named(one.title, one))),
  features: (facts) => bullets(facts.choose(7, weightOfFeature).map((one) => named(nameOf(one), one))),
  notes: (facts) => bullets(facts.choose(5).map(underCode)),
  tips: (facts) => numbered(facts.choose(6).map(underCode)),
  comparison: composeComparison,
  'summary-table': (facts) => table(['Scenario or keyword', 'What answers it'], rowsOf(facts, 16)),
  choices: composeChoices,
}

/** Whether a kind is one of companions, whose drafts are made from the texts of the course. */
export function isCompanionKind(kind: DirectiveKind): boolean {
  return composers[kind] !== undefined
}

/** Blocks of a companion's draft, and what they print of the course. */
export interface CompanionDraft {
  readonly blocks: readonly string[]
  /** Keys of the statements that it prints. */
  readonly printed: readonly string[]
}

/**
 * Composes a companion's draft: its statements are the course's own, with their citations, and none stands twice or is
 * one that `task.share` says to be printed before. Says so where no text of the course gives one.
 */
export function composeCompanion(task: DraftTask): CompanionDraft {
  const facts = new CompanionFacts(readCourseFacts(task.upstream ?? [], task.share?.taken))
  const text = composers[task.kind]?.(facts, task)
  if (text !== undefined) return {blocks: [text], printed: facts.printed}
  const isPrinted = (task.share?.taken ?? []).length > 0
  const none = isPrinted
    ? 'The course says no more on this than stands above.'
    : 'No text of the course covers this yet.'
  return {blocks: [none], printed: []}
}

/** What the course is about in a sentence, of a paragraph in two. */
function composeLead(facts: CompanionFacts, {container}: DraftTask): string | undefined {
  const sentences = facts.take((facts.facts.texts[0] ?? []).slice(0, container === 'block' ? 2 : 1)).map(sentenceOf)
  return sentences.length === 0 ? undefined : sentences.join(' ')
}

function composeCallOut(facts: CompanionFacts, {headingPath, upstream}: DraftTask): string | undefined {
  const {terms} = facts.facts
  const heading = withoutNumber(headingPath.at(-1) ?? '')
  const titles = [...new Set((upstream ?? []).map(({title}) => title.replace(/^.*\svs\.?\s/i, '')))].filter(
    (title) => withoutNumber(title) !== heading,
  )
  const [first] = facts.choose(1)
  if (first === undefined && terms.length === 0 && titles.length === 0) return undefined
  const words = [...terms, ...titles, heading].filter((word) => word !== '').slice(0, 3)
  const signal = `> **Exam signal:** Look for ${words.map((word) => `*${escapeInline(word)}*`).join(', ')}.`
  return first === undefined ? signal : `${signal} ${sentenceOf(first)}`
}

/** A table that the course has, the one with the fewest gaps of the widest; else one of what it says under each title. */
function composeComparison(facts: CompanionFacts): string | undefined {
  const wide = facts.facts.tables.filter((one) => widthOf(one) >= 3)
  const [best] = wide.sort((one, other) => gapsOf(one) - gapsOf(other) || other.length - one.length)
  return best ?? table(['Aspect', 'What the course says'], rowsOf(facts, 7))
}

function composeChoices(facts: CompanionFacts, {prompt}: DraftTask): string | undefined {
  const {forIt, againstIt} = chooseSides(facts, subjectNames(prompt), [4, 4])
  const part = (label: string, statements: readonly Statement[]): string[] =>
    statements.length === 0 ? [] : [`- **${label}**\n${statements.map((one) => `  - ${sentenceOf(one)}`).join('\n')}`]
  const parts = [...part('Choose it when:', forIt), ...part('Look elsewhere when:', againstIt)]
  return parts.length === 0 ? undefined : parts.join('\n')
}

/** Names with a statement on each, none twice. */
function rowsOf(facts: CompanionFacts, limit: number): string[][] {
  const names = new Set<string>()
  return facts.choose(limit).flatMap((one) => {
    const name = [nameOf(one), one.title].find((some) => !names.has(some))
    if (name === undefined) return []
    names.add(name)
    return [[`**${escapeInline(name)}**`, one.text]]
  })
}

/** A use is told in a sentence rather than defined. */
function weightOfUse(one: Statement): number {
  return weightOf(one) - (one.term === '' ? 0 : 4)
}

/** A feature is what has a name of its own: a term, or what a statement begins with. */
function weightOfFeature(one: Statement): number {
  return weightOf(one) + (one.term !== '' || ownName(one) !== undefined ? 2 : 0)
}

/** A statement with what decides it in bold: its term, what it names, or the title of its text. */
function boldFact(one: Statement): string {
  if (one.term !== '') return sentenceOf(one)
  if (one.text.includes('**')) return one.text
  const found = findName(one) ?? (sharesWord(one) ? undefined : findDecisive(one))
  if (found === undefined) return named(one.title, one)
  const end = found.index + found.name.length
  return `${one.text.slice(0, found.index)}**${found.name}**${one.text.slice(end)}`
}

function named(name: string, {text}: Statement): string {
  return `**${escapeInline(name.split(/:\s/, 1)[0] ?? name)}:** ${text}`
}

function underCode(one: Statement): string {
  return `${codeOf(nameOf(one))}: ${one.text}`
}

function sentenceOf({term, text}: Statement): string {
  return term === '' ? text : `**${escapeInline(term)}**: ${text}`
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

/** Cells of a table that say nothing: empty, or a draft's word that no source fills them. */
function gapsOf(markdown: string): number {
  return markdown
    .split('\n')
    .slice(2)
    .flatMap((row) => row.split('|').slice(1, -1))
    .filter((cell) => /^\s*(?:\*[^*]+\*)?\s*$/.test(cell)).length
}

function escapeInline(text: string): string {
  return text.replace(/[\\*_`[\]<]/g, '\\$&')
}
