import {askTable} from '../check/ask-table.ts'
import type {PromptDirective} from '../model/directive.ts'
import {type Draft, findCandidates, isStatement, nameCandidates} from './choose-passages.ts'
import {type Comparison, readComparison} from './compared-things.ts'
import {quoteBlock} from './compose-code.ts'
import type {Candidate, DraftForm, Wish} from './draft-form.ts'
import {makePairQuery, makeQuery} from './draft-query.ts'
import {withoutNumber} from './draft-task.ts'
import {findDefinitions} from './find-definition.ts'
import type {Passage} from './passage-library.ts'
import type {PromptReading} from './prompt-reading.ts'
import {quoteStatement} from './quote-passage.ts'
import {boldName} from './uncovered.ts'
import {nameKey, stemWords} from './word-stems.ts'

/** Least share of the query's weight that a table of the notes must have. */
const leastShare = 0.16
/** Least share of the cells that the notes must fill for a table to be put together. */
const leastFilled = 0.3
/** Most things that stand side by side; more stand one below the other. */
const mostColumns = 3

/** A table of the notes that fits; else one that is put together from what the notes say of each compared thing. */
export function formTable(draft: Draft, prompt: PromptReading): DraftForm {
  const heading = nameKey(withoutNumber(draft.task.headingPath.at(-1) ?? ''))
  const accepts = ({kind}: Passage): boolean => kind === 'table'
  const query = makeQuery(draft.task, prompt)
  const found = findCandidates(draft, query, {accepts, leastShare: 0.05}).filter(
    ({passage}) => nameKey(passage.topic) === heading || coversShare(passage, query.keys()),
  )
  if (found.length > 0) {
    return {
      isWhole: true,
      wishes: [{find: () => found, limit: 1}],
      compose: ([tables = []]) => tables.flatMap((table) => quoteBlock(table, draft.phrases.source)),
    }
  }
  const comparison = readComparison(draft.task, prompt, isWanted(draft))
  const none = isWanted(draft) ? [draft.phrases.noTable] : []
  if (comparison.things.length < 2) return {wishes: [], compose: () => none}
  return formComparison(draft, comparison, none)
}

/** Whether a table has enough of the words that are looked for, by number. */
function coversShare(table: Passage, stems: Iterable<string>): boolean {
  const own = new Set(stemWords(`${table.text} ${table.block}`))
  const wanted = [...stems]
  return wanted.filter((stem) => own.has(stem)).length / Math.max(1, wanted.length) >= 2.2 * leastShare
}

function isWanted({task}: Draft): boolean {
  const directive = {value: task.prompt, attributes: {}} as PromptDirective
  return askTable({kind: task.kind, directive}) !== undefined
}

/** Cells by thing and aspect, the definition of each thing first. */
function formComparison(draft: Draft, {things, aspects}: Comparison, none: readonly string[]): DraftForm {
  const columns = things.map((thing): Wish[] => {
    const cells = aspects.length === 0 ? [''] : aspects
    return [
      {find: () => nameCandidates(findDefinitions(draft, thing), 2), limit: 1},
      ...cells.map((aspect): Wish => ({find: () => findCell(draft, thing, aspect), limit: 1})),
    ]
  })
  const height = columns[0]?.length ?? 0
  const titles = [draft.phrases.whatItIs, ...(aspects.length === 0 ? [''] : aspects.map(nameAspect))]
  return {
    wishes: columns.flat(),
    compose: (chosen) => {
      const cells = things.map((_, at) => chosen.slice(at * height, (at + 1) * height).map(([passage]) => passage))
      const kept = titles.map(
        (_, row) => cells.some((column) => column[row] !== undefined) || (row > 0 && aspects.length > 0),
      )
      const filled = cells.flat().filter((passage) => passage !== undefined).length
      const size = things.length * kept.filter(Boolean).length
      if (filled < 2 || filled / size < leastFilled) return none
      const show = (passage: Passage | undefined): string =>
        passage === undefined ? draft.phrases.emptyCell : escapePipes(quoteStatement(passage))
      const rows = titles.flatMap((title, row) =>
        kept[row] === true ? [[title, ...cells.map((column) => show(column[row]))]] : [],
      )
      const table = [
        [draft.phrases.aspect, ...things.map((thing) => escapePipes(boldName(thing).slice(2, -2)))],
        ...rows,
      ]
      return [formatTable(things.length <= mostColumns ? table : turnTable(table))]
    },
  }
}

/** Statements on one thing that have a word of the aspect, or any where there is none. */
function findCell(draft: Draft, thing: string, aspect: string): readonly Candidate[] {
  const thingStems = stemWords(thing)
  const aspectStems = stemWords(aspect)
  const query = makePairQuery(thing, aspect)
  return findCandidates(draft, query, {accepts: isStatement, leastShare: 0.3}).filter(({passage}) => {
    const own = new Set(stemWords(`${passage.term} ${passage.text}`))
    const isOfThing = thingStems.every((stem) => own.has(stem)) && !namesMore(passage.text, thing)
    return isOfThing && (aspectStems.length === 0 || aspectStems.some((stem) => own.has(stem)))
  })
}

/** Whether a thing's name stands in a statement only as part of a longer one: `MSK` in `MSK Connect`. */
function namesMore(text: string, thing: string): boolean {
  const at = text.indexOf(thing)
  return at !== -1 && /^ \p{Lu}/u.test(text.slice(at + thing.length))
}

function nameAspect(aspect: string): string {
  const name = boldName(aspect).slice(2, -2)
  return escapePipes(`${name.charAt(0).toUpperCase()}${name.slice(1)}`)
}

function escapePipes(text: string): string {
  return text.replace(/(?<!\\)\|/g, '\\|')
}

function turnTable(table: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return (table[0] ?? []).map((_, column) => table.map((row) => row[column] ?? ''))
}

function formatTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
