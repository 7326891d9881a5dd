import type {SectionDiff} from '../diff/diff-books.ts'
import type {DiffReport} from '../diff/diff-report.ts'
import type {TextDiff} from '../diff/diff-texts.ts'
import {diffTotals, sectionWords} from '../diff/diff-totals.ts'
import type {DiffSide} from './diff-sides.ts'
import {roundUsd} from './format-amounts.ts'

/** A comparison as the JSON document of `diff`. */
export function diffJson(report: DiffReport, sides: {readonly base: DiffSide; readonly head: DiffSide}): object {
  const {costUsd, ...totals} = diffTotals(report.sections)
  return {
    version: 1,
    command: 'diff',
    base: report.base,
    head: report.head,
    ...commitOf('baseCommit', sides.base),
    ...commitOf('headCommit', sides.head),
    sections: report.sections.map(sectionJson),
    totals: {sections: report.sections.length, ...totals, costUsd: costUsd === null ? null : roundUsd(costUsd)},
  }
}

function commitOf(key: string, {commit}: DiffSide): object {
  return commit === undefined ? {} : {[key]: commit}
}

function sectionJson(section: SectionDiff): object {
  const {book, id, from, title, changes, line, prompt, own, text, costUsd} = section
  const {added, removed} = sectionWords(section)
  return {
    book,
    id,
    change: changes[0],
    changes,
    ...(from === undefined ? {} : {from}),
    title,
    ...(line === undefined ? {} : {line}),
    wordsAdded: added,
    wordsRemoved: removed,
    ...(costUsd === undefined ? {} : {costUsd: costUsd === null ? null : roundUsd(costUsd)}),
    ...(prompt === undefined ? {} : {prompt: textJson(prompt)}),
    ...(own === undefined ? {} : {own: textJson(own)}),
    ...(text === undefined ? {} : {text: textJson(text)}),
  }
}

/** How a text changed, without the blocks that are the same. */
function textJson({change, wordsAdded, wordsRemoved, blocks}: TextDiff): object {
  return {change, wordsAdded, wordsRemoved, blocks: blocks.filter((block) => block.change !== 'same')}
}
