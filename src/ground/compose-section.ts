import {type Draft, findCandidates, findOpening, isFact, isStatement, nameCandidates} from './choose-passages.ts'
import {asksForOtherCode, codeWish, quoteCode, quoteOwnCode} from './compose-code.ts'
import {formTable} from './compose-table.ts'
import type {Candidate, DraftForm, Wish} from './draft-form.ts'
import {makePointQuery, makeQuery, subjectStems} from './draft-query.ts'
import {withoutNumber} from './draft-task.ts'
import {findDefinitions} from './find-definition.ts'
import type {Passage} from './passage-library.ts'
import type {PromptReading} from './prompt-reading.ts'
import {quotePassage} from './quote-passage.ts'
import {reportSubject, reportUncovered} from './uncovered.ts'
import {fitLength, statementsFor} from './wanted-length.ts'
import {nameKey, stemWords} from './word-stems.ts'

const factsOfText = 4
const factsOfList = 5
const mostSteps = 20
/** Statements with which a note opens. */
const openingCount = 2
const openingFit = 0.5
/** How much more a section wants the definition of its own heading than others want it. */
const ownDefinitionFit = 4

/** A section: statements as text, list or steps as the prompt asks, then a table and code where it asks for them. */
export function formSection(draft: Draft, prompt: PromptReading): DraftForm {
  const table = prompt.asksForTable ? formTable(draft, prompt) : undefined
  const code = asksForOtherCode(prompt) ? [codeWish(draft, prompt)] : []
  // Points below a table are its rows where the notes have the table.
  const areRows = table?.isWhole === true && !/\bbullet|\blist\b/i.test(prompt.request)
  const body = prompt.asksForList && !areRows ? formList(draft, prompt) : formText(draft, prompt)
  const tables = table?.wishes ?? []
  return {
    wishes: [...tables, ...code, ...body.wishes],
    compose: (chosen) => {
      const tableBlocks = table?.compose(chosen.slice(0, tables.length)) ?? []
      const [example] = code.length === 0 ? [] : (chosen[tables.length] ?? [])
      const rest = chosen.slice(tables.length + code.length)
      const isEmpty = rest.every((passages) => passages.length === 0) && (areRows || prompt.points.length === 0)
      const blocks = isEmpty && tableBlocks.length > 0 ? [] : body.compose(rest)
      return [...blocks, ...tableBlocks, ...quoteCode(draft, prompt, example), ...quoteOwnCode(draft, prompt)]
    },
  }
}

/** Paragraphs: the definition of the section's subject where there is one, then what fits best. */
function formText(draft: Draft, prompt: PromptReading): DraftForm {
  const {task} = draft
  const definition = subjectWish(draft, prompt)
  const subject = subjectStems(task, prompt)
  const limit = statementsFor(task.words, factsOfText) - definition.length
  const isOverview = task.kind === 'overview' || task.headingPath.length === 1
  const choice = isOverview
    ? {accepts: isFact, openingScale: 2.6, fitScale: 1.3, ...(draft.hasOwnNote ? {} : {subject})}
    : {accepts: isFact, openingScale: 1.15, subject}
  const find = (): readonly Candidate[] => {
    const found = findCandidates(draft, makeQuery(task, prompt), choice)
    return found.length > 0 || !isOverview ? found : nameCandidates(findOpening(draft, openingCount), openingFit)
  }
  const facts: Wish = {find, limit: Math.max(1, limit)}
  return {
    wishes: [...definition, facts],
    compose: (chosen) => {
      const statements = fitLength(chosen.flat(), task.words)
      if (statements.length === 0) return [reportUncovered(draft, prompt)]
      return groupByTopic(statements)
    },
  }
}

/** The definition of the heading, or of the one term that the prompt names. */
function subjectWish(draft: Draft, prompt: PromptReading): readonly Wish[] {
  const heading = withoutNumber(draft.task.headingPath.at(-1) ?? '')
  const term = prompt.lead ?? (prompt.terms.length === 1 ? prompt.terms[0] : undefined)
  const found = [heading, ...(term === undefined ? [] : [term])].flatMap((name) => findDefinitions(draft, name))
  if (found.length === 0) return []
  return [{find: () => nameCandidates([...new Set(found)], ownDefinitionFit), limit: 1}]
}

/** A list: a statement for each point of the prompt, else as many as fit. */
function formList(draft: Draft, prompt: PromptReading): DraftForm {
  const {task} = draft
  const points = prompt.points.map((point): Wish => {
    const stems = [...new Set(stemWords(point))]
    // A definition speaks of its term: it answers a point that names it.
    const accepts = (passage: Passage): boolean =>
      isStatement(passage) && (passage.term === '' || stemWords(passage.term).every((stem) => stems.includes(stem)))
    const choice = {accepts, leastShare: 0.1, topicShare: 0.1, subject: stems, partly: {share: 0.34, stems: 2}}
    // A name of which no word counts, such as a keyword, is found as it is written.
    const find = (): readonly Candidate[] =>
      stems.length === 0
        ? nameCandidates(
            factsOfTopic(draft).filter(({text}) => text.includes(point)),
            1,
          )
        : findCandidates(draft, makePointQuery(point), choice)
    return {find, limit: 1}
  })
  const {min, max} = prompt.pointBounds ?? {min: factsOfList, max: factsOfList}
  const wanted =
    prompt.points.length > 0 ? Math.max(0, min - prompt.points.length) : Math.min(Math.max(min, 3), max, 12)
  const limit = prompt.pointBounds === undefined && prompt.points.length > 0 ? 0 : wanted
  const steps = prompt.asksForSteps ? factsOfTopic(draft) : []
  if (steps.length > 1 && prompt.points.length === 0) return formSteps(steps)
  const rest: Wish = {
    leastGain: prompt.pointBounds === undefined ? 0.25 : 0.1,
    find: () =>
      limit === 0
        ? []
        : findCandidates(draft, makeQuery(task, prompt), {accepts: isFact, subject: subjectStems(task, prompt)}),
    limit,
  }
  return {
    wishes: [...points, rest],
    compose: (chosen) => {
      const lines = prompt.points.map((point, at) => {
        const [statement] = chosen[at] ?? []
        return statement === undefined ? reportSubject(draft, point) : quotePassage(statement)
      })
      const isBare = chosen.every((passages) => passages.length === 0)
      lines.push(...inOrder(chosen[points.length] ?? [], prompt.asksForSteps).map(quotePassage))
      if (isBare) return [`${prompt.asksForSteps ? '1.' : '-'} ${reportUncovered(draft, prompt)}`]
      return [lines.map((line, at) => `${prompt.asksForSteps ? `${at + 1}.` : '-'} ${line}`).join('\n')]
    },
  }
}

/** Facts of the notes below a heading of the section's name, in their order. */
function factsOfTopic({library, task}: Draft): readonly Passage[] {
  const topic = nameKey(withoutNumber(task.headingPath.at(-1) ?? ''))
  return library.passages.filter((own) => own.kind === 'fact' && library.topicKeys.get(own.topic) === topic)
}

/** All statements below a heading as steps: one left out would break the rest. */
function formSteps(steps: readonly Passage[]): DraftForm {
  return {
    wishes: [{find: () => nameCandidates(steps, 1), limit: mostSteps, leastGain: 0, isNamed: true}],
    compose: ([chosen = []]) => [
      inOrder(chosen, true)
        .map((step, at) => `${at + 1}. ${quotePassage(step)}`)
        .join('\n'),
    ],
  }
}

/** Steps stand as in the notes, facts the best first. */
function inOrder(passages: readonly Passage[], areSteps: boolean): readonly Passage[] {
  return areSteps ? [...passages].sort((left, right) => left.id - right.id) : passages
}

/**
 * Joins statements of one topic to a paragraph; topics stand as the best statement of each does, statements as
 * in the note.
 */
function groupByTopic(statements: readonly Passage[]): readonly string[] {
  const groups = new Map<string, Passage[]>()
  for (const statement of statements) {
    const key = statement.kind === 'definition' ? statement.term : `${statement.note}\n${statement.topic}`
    groups.set(key, [...(groups.get(key) ?? []), statement])
  }
  return [...groups.values()].map((group) =>
    group
      .sort((left, right) => left.id - right.id)
      .map(quotePassage)
      .join(' '),
  )
}
