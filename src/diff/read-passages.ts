import type {Section} from '../model/section.ts'
import type {ParsedOutline} from '../syntax/parsed-outline.ts'
import type {SidePassage} from './book-side.ts'

/** Id of what stands between the `---` lines at the start. */
const frontMatterId = '_front-matter'

/** Where something at an offset of the outline stands among the sections and passages of a side. */
export function placeAt(offset: number): number {
  return 2 * offset + 3
}

/**
 * What the author wrote below each heading of an outline, from the heading to the next one, without directives and the
 * bare list markers before them. Headings without a word of their own are left out, front matter is a passage too.
 */
export function readPassages(outline: ParsedOutline): SidePassage[] {
  const {text} = outline.index
  const sections = flatten(outline.sections)
  const starts = sections.map(({depth, place}) => (depth === 0 ? outline.bodyStart : (place.start.offset ?? 0)))
  const passages = sections.map(({id, title}, at): SidePassage => {
    const start = starts[at] as number
    return {
      id,
      title,
      place: placeAt(start) - 1,
      text: withoutDirectives(outline, start, starts[at + 1] ?? text.length),
    }
  })
  passages.unshift(...frontMatterSection(text.slice(0, outline.bodyStart)))
  return passages.filter((passage) => passage.text !== '')
}

/** What stands between the `---` lines at the start of a text, to be compared by line; nothing where there is none. */
export function frontMatterSection(source: string): (SidePassage & {readonly sectionId: string})[] {
  const text = source.trim()
  if (text === '') return []
  const id = frontMatterId
  return [{id, sectionId: id, title: 'front matter', place: 0, text: `\`\`\`\`yaml\n${text}\n\`\`\`\``}]
}

/** All sections in the order of the outline. */
export function flatten(sections: readonly Section[]): Section[] {
  return sections.flatMap((section) => [section, ...flatten(section.children)])
}

function withoutDirectives({index, placements}: ParsedOutline, from: number, to: number): string {
  let text = ''
  let at = from
  for (let next = firstFrom(placements, from); next < placements.length; next++) {
    const {start, end} = placements[next] as {readonly start: number; readonly end: number}
    if (start >= to) break
    text += index.text.slice(at, start)
    at = Math.max(at, end)
  }
  return (text + index.text.slice(at, Math.max(at, to)))
    .split(/\r\n|\n|\r/)
    .filter((line) => !/^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]*$/.test(line))
    .join('\n')
    .trim()
}

/** Place of the first placement at or behind an offset; they rise. */
function firstFrom(placements: readonly {readonly start: number}[], offset: number): number {
  let low = 0
  let high = placements.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((placements[middle] as {readonly start: number}).start < offset) low = middle + 1
    else high = middle
  }
  return low
}
