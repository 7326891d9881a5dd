import {VFile} from 'vfile'
import {normaliseLineEnds} from '../model/content-address.ts'
import {readFrontMatter} from '../syntax/front-matter.ts'
import {isParserTrap} from '../syntax/is-parser-trap.ts'
import {LineIndex} from '../syntax/line-index.ts'
import {parseMarkdown} from '../syntax/parse-markdown.ts'
import {parseOutline} from '../syntax/parse-outline.ts'
import {scanDirectives} from '../syntax/scan-directives.ts'
import type {BookSide, SideSection} from './book-side.ts'
import {flatten, frontMatterSection} from './read-passages.ts'

/** A heading as a line of its own with marks before it, and where it stands. */
interface FoundHeading {
  readonly line: string
  readonly offset: number
}

/** A book that is known by its Markdown alone: a section for each heading, down to the next heading of any depth. */
export function splitMarkdown(name: string, markdown: string): BookSide {
  const text = normaliseLineEnds(markdown.replace(/^\ufeff/, ''))
  const {bodyStart} = readFrontMatter(text)
  const headings = findHeadings(text, bodyStart)
  // Ids and titles are those of an outline that holds the headings alone.
  const outline = parseOutline(new VFile({value: headings.map(({line}) => line).join('\n\n')}))
  const starts = [bodyStart, ...headings.map(({offset}) => offset), text.length]
  const sections = flatten(outline.sections).flatMap(({id, title}, at): SideSection[] => {
    const own = text.slice(starts[at], starts[at + 1]).trim()
    return own === '' ? [] : [{id, sectionId: id, title, place: at + 1, text: own}]
  })
  return {name, passages: [], sections: [...frontMatterSection(text.slice(0, bodyStart)), ...sections]}
}

/** The headings of a text; only parts that may hold a heading of another form than `# Title` are parsed. */
function findHeadings(text: string, from: number): FoundHeading[] {
  const {cuts} = scanDirectives(new LineIndex(text), ['prompt'], from)
  const starts = [from, ...cuts.filter((cut) => cut > from)]
  return starts.flatMap((start, at) => {
    const part = text.slice(start, starts[at + 1] ?? text.length)
    if (/^ {0,3}(?:=+|-+)[ \t]*$/m.test(part) && !isParserTrap(part)) return parsedHeadings(part, start)
    const line = part.split('\n', 1)[0] ?? ''
    return /^ {0,3}#/.test(line) ? [{line: line.trim(), offset: start}] : []
  })
}

function parsedHeadings(part: string, start: number): FoundHeading[] {
  return parseMarkdown(part).children.flatMap((node): FoundHeading[] => {
    const [from, to] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0]
    if (node.type !== 'heading') return []
    const source = part.slice(from, to)
    const offset = start + from
    if (source.startsWith('#')) return [{line: source, offset}]
    const title = source.replace(/\n *(?:=+|-+)[ \t]*$/, '').replace(/\s*\n\s*/g, ' ')
    return [{line: `${'#'.repeat(node.depth)} ${title}`, offset}]
  })
}
