import type {Bibliography} from '../model/bibliography.ts'
import {type SourceLink, safeUrl} from './source-link.ts'

/** Tells which numbers of the bibliography stand behind what a note cites. */
export interface SourceNumbering {
  /**
   * Numbers behind cited labels, rising: of the source with the address that the note defines for a label, else the
   * label itself. A statement that cites nothing rests on the sources that list its note.
   */
  numbersOf(note: string, labels: readonly string[], definitions: ReadonlyMap<string, SourceLink>): readonly number[]
}

/** Reads the numbers of a bibliography; without one, nothing has a number. */
export function numberSources(bibliography: Bibliography | undefined): SourceNumbering {
  const numbers = new Set<number>()
  const byAddress = new Map<string, number>()
  const byNote = new Map<string, number[]>()
  for (const {number, url, files} of bibliography?.entries ?? []) {
    numbers.add(number)
    const address = url === undefined ? undefined : addressOf(url)
    if (address !== undefined && !byAddress.has(address)) byAddress.set(address, number)
    for (const note of files ?? []) byNote.set(note, [...(byNote.get(note) ?? []), number])
  }

  function numberOf(label: string, definitions: ReadonlyMap<string, SourceLink>): number | undefined {
    const link = definitions.get(label.toLowerCase())
    if (link === undefined) return /^\d+$/.test(label) && numbers.has(Number(label)) ? Number(label) : undefined
    const address = addressOf(link.url) ?? ''
    return byAddress.get(address) ?? byAddress.get(address.replace(/#.*$/, '').replace(/\/$/, ''))
  }

  return {
    numbersOf(note, labels, definitions) {
      if (labels.length === 0) return byNote.get(note) ?? []
      const found = labels.map((label) => numberOf(label, definitions)).filter((number) => number !== undefined)
      return [...new Set(found)].sort((left, right) => left - right)
    },
  }
}

/** An address in the form in which two of the same page are equal; undefined where it is none. */
function addressOf(url: string): string | undefined {
  const address = safeUrl(url)
  return address !== undefined && URL.canParse(address) ? new URL(address).href.replace(/\/$/, '') : undefined
}
