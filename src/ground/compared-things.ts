import type {DraftTask} from './draft-task.ts'
import type {PromptReading} from './prompt-reading.ts'
import {nameKey} from './word-stems.ts'

/** What a table is to compare, and by what. */
export interface Comparison {
  readonly things: readonly string[]
  readonly aspects: readonly string[]
}

const aspectLists = [
  /\b(?:columns?|rows?)(?: are| for| of|:)?\s+((?!and\b)[^.;]+)/i,
  /(?:^|[.;]\s+)(?:compare|contrast|cover)\s+([^.;]+,[^.;]+)(?:[.;]|$)/i,
  /\b(?:by|in terms of|regarding|with regard to|with respect to)\s+([^.;]+,[^.;]+)/i,
]
const compared =
  /\b(?:compar(?:e|ing)|contrast(?:ing)?|choose between|choice between|difference(?:s)? between)\s+([^.;:]+?)(?=\s+(?:as|by|in|on|regarding|side by side|across)\b|[.;:]|$)/i
const most = 8
const longestName = 60

/** Reads what a prompt wants compared: names that it marks, names that it joins, else the list items below its heading. */
export function readComparison(task: DraftTask, prompt: PromptReading, isTableWanted: boolean): Comparison {
  const aspects = prompt.points.length > 1 ? prompt.points.map(cutPoint) : readAspects(prompt.request)
  const joined = splitNames(compared.exec(prompt.request)?.[1] ?? '')
  // A comparison that asks for no table is one only where it says what is compared with what, and by what.
  const lists = isTableWanted ? [prompt.terms, joined, task.itemNames ?? []] : aspects.length > 1 ? [joined] : []
  const named = lists.find((names) => names.length > 1) ?? []
  const keys = new Set(named.map(nameKey))
  return {things: named.slice(0, most), aspects: aspects.filter((aspect) => !keys.has(nameKey(aspect))).slice(0, most)}
}

function readAspects(request: string): readonly string[] {
  for (const pattern of aspectLists) {
    const names = splitList(pattern.exec(request)?.[1] ?? '')
    if (names.length > 1) return names
  }
  return []
}

function splitNames(text: string): readonly string[] {
  const list = splitList(text)
  const names = list.length > 2 ? list : text.split(/\s+(?:with|and|to|against|versus|vs\.?|or)\s+/)
  const cut = names.map((name) =>
    name
      .replace(/^(?:both|between|the|an?)\s+/i, '')
      .replace(/[`"'“”]/g, '')
      .trim(),
  )
  return cut.every((name) => name !== '' && name.length <= longestName) ? cut : []
}

function splitList(text: string): readonly string[] {
  const parts = text.split(/,(?![^()]*\))\s*(?:and\s+|or\s+)?|\s+and\s+(?=[^,]*$)/)
  return parts
    .map((part) =>
      part
        .replace(/^(?:the|an?|its|their)\s+/i, '')
        .replace(/\bin a table.*$/i, '')
        .trim(),
    )
    .filter((part) => part !== '' && part.length <= longestName)
}

/** The part of a point before what explains it. */
function cutPoint(point: string): string {
  return (/^[^:;.(]*/.exec(point)?.[0] ?? point).trim()
}
