import {choosePassages, type Draft, textKey} from './choose-passages.ts'
import {makePointQuery, makeQuery} from './draft-query.ts'
import {withoutNumber} from './draft-task.ts'
import {findDefinition} from './find-definition.ts'
import type {Query} from './passage-index.ts'
import type {Passage} from './passage-library.ts'
import type {PromptReading} from './prompt-reading.ts'
import {cite, quotePassage} from './quote-passage.ts'
import {reportUncovered} from './uncovered.ts'
import {nameKey} from './word-stems.ts'

const factsOfText = 4
const factsOfList = 6

/** Blocks of a section: statements as text or list as the prompt asks, then a table and code where it asks for them. */
export function composeSection(draft: Draft, prompt: PromptReading): readonly string[] {
  const query = makeQuery(draft.task, prompt)
  const statements = prompt.asksForList ? chooseForList(draft, prompt, query) : chooseForText(draft, prompt, query)
  if (statements.length === 0) return [reportUncovered(draft.task, prompt), ...quoteOwnCode(prompt)]
  const list = statements.map((statement) => `- ${quotePassage(statement)}`).join('\n')
  const blocks = prompt.asksForList ? [list] : groupByTopic(statements)
  const table = prompt.asksForTable ? composeBlock(draft, query, 'table', statements) : []
  const code = prompt.asksForCode && prompt.code.length === 0 ? composeBlock(draft, query, 'code', statements) : []
  return [...blocks, ...table, ...code, ...quoteOwnCode(prompt)]
}

/** The code that the outline itself gives, which the text is to speak of. */
export function quoteOwnCode(prompt: PromptReading): readonly string[] {
  if (prompt.code.length === 0) return []
  return [
    prompt.code.length === 1 ? 'The outline gives this code:' : 'The outline gives these pieces of code:',
    ...prompt.code,
  ]
}

/** The definition of the section's subject where there is one, then what fits best. */
function chooseForText(draft: Draft, prompt: PromptReading, query: Query): readonly Passage[] {
  const term = prompt.lead ?? (prompt.terms.length === 1 ? prompt.terms[0] : undefined) ?? ''
  const heading = withoutNumber(draft.task.headingPath.at(-1) ?? '')
  const subject = findDefinition(draft, heading) ?? findDefinition(draft, term)
  if (subject !== undefined) draft.used.add(textKey(subject))
  const limit = subject === undefined ? factsOfText : factsOfText - 1
  const facts = choosePassages(draft, query, {limit, accepts: isFact, openingScale: 1.15})
  if (subject !== undefined) return [subject, ...facts]
  return facts.length > 0 ? facts : choosePassages(draft, query, {limit, accepts: isStatement})
}

/** A statement for each point of the prompt, then the best of the rest. */
function chooseForList(draft: Draft, prompt: PromptReading, query: Query): readonly Passage[] {
  const surroundings = draft.task.headingPath.map(withoutNumber)
  const found = prompt.points.flatMap((point) =>
    choosePassages(draft, makePointQuery(point, surroundings), {limit: 1, accepts: isStatement}),
  )
  const wanted = prompt.points.length > 0 ? Math.min(prompt.points.length, factsOfList) : factsOfList
  if (wanted <= found.length) return found
  return [...found, ...choosePassages(draft, query, {limit: wanted - found.length, accepts: isFact})]
}

/**
 * The table or code that fits best and stands by a chosen statement, after the sentence that leads to it in the
 * note.
 */
function composeBlock(
  draft: Draft,
  query: Query,
  kind: 'table' | 'code',
  statements: readonly Passage[],
): readonly string[] {
  const heading = nameKey(withoutNumber(draft.task.headingPath.at(-1) ?? ''))
  const topics = new Set(statements.map(topicPlace))
  const accepts = (passage: Passage): boolean =>
    passage.kind === kind && (topics.has(topicPlace(passage)) || nameKey(passage.topic) === heading)
  return choosePassages(draft, query, {limit: 1, accepts}).flatMap((passage) => {
    const introduction = `${passage.text}${cite(passage)}`.trim()
    return introduction === '' ? [passage.block] : [introduction, passage.block]
  })
}

/**
 * Joins statements of one topic to a paragraph; topics stand as the best statement of each does, statements as
 * in the note.
 */
function groupByTopic(statements: readonly Passage[]): readonly string[] {
  const groups = new Map<string, Passage[]>()
  for (const statement of statements) {
    const key = statement.kind === 'definition' ? statement.term : topicPlace(statement)
    groups.set(key, [...(groups.get(key) ?? []), statement])
  }
  return [...groups.values()].map((group) =>
    group
      .sort((left, right) => left.id - right.id)
      .map(quotePassage)
      .join(' '),
  )
}

function topicPlace(passage: Passage): string {
  return `${passage.note}\n${passage.topic}`
}

function isFact(passage: Passage): boolean {
  return passage.kind === 'fact'
}

function isStatement(passage: Passage): boolean {
  return passage.kind === 'fact' || passage.kind === 'definition'
}
