import {VFile} from 'vfile'
import type {BookSide, SideSection} from '../diff/book-side.ts'
import {flatten, placeAt, readPassages} from '../diff/read-passages.ts'
import {splitMarkdown} from '../diff/split-markdown.ts'
import {normaliseLineEnds} from '../model/content-address.ts'
import type {FileTree} from '../store/file-tree.ts'
import {type Manifest, type ManifestRow, parseManifest} from '../store/manifest.ts'
import {parseSectionFile, type SectionFile} from '../store/section-file.ts'
import {parseOutline} from '../syntax/parse-outline.ts'
import {isBookAsWritten} from './book-segments.ts'
import {type SideBook, textOf} from './side-book.ts'

/** The files of a book's own folder on one side. */
export interface OutputFiles {
  readonly used: readonly SectionFile[]
  readonly unused: readonly SectionFile[]
  readonly manifest: Manifest | undefined
  /** `book.md`, with LF line ends. */
  readonly book: string | undefined
}

/** Reads a book's own folder of a tree. */
export async function readOutputFiles(tree: FileTree, folder: string): Promise<OutputFiles> {
  const prefix = folder === '' ? '' : `${folder}/`
  const isSection = /^(?:sections|unused)\/.*(?<!\.new)\.md$/
  const all = (await tree.list(folder)).map((path) => path.slice(prefix.length))
  const paths = all.filter((path) => path === 'book.md' || path === 'manifest.json' || isSection.test(path))
  const contents = await tree.read(paths.map((path) => prefix + path))
  const textAt = (path: string): string | undefined => contents.get(prefix + path)
  const sectionsIn = (name: string): SectionFile[] =>
    paths.flatMap((path) =>
      path.startsWith(`${name}/`) ? [parseSectionFile(path.slice(name.length + 1), textAt(path) ?? '')] : [],
    )
  const book = textAt('book.md')
  return {
    used: sectionsIn('sections'),
    unused: sectionsIn('unused'),
    manifest: parseManifest(textAt('manifest.json') ?? '', `${prefix}manifest.json`),
    book: book === undefined ? undefined : normaliseLineEnds(book),
  }
}

/** A book in the forms that its own folder gives, without its outline. */
export function outputForms(name: string, {used, manifest, book}: OutputFiles): SideBook['forms'] {
  const isWritten = book !== undefined && manifest !== undefined && isBookAsWritten(book, manifest)
  return {
    ...(isWritten ? {book: () => bookOfManifest(name, book, manifest, used)} : {}),
    ...(used.length === 0 ? {} : {sections: () => bookOfSections(name, used, manifest)}),
    ...(book === undefined ? {} : {headings: () => splitMarkdown(name, book)}),
  }
}

/** The book as manifest and section files have it; what the author wrote around the texts is what else `book.md` holds. */
function bookOfManifest(name: string, book: string, manifest: Manifest, used: readonly SectionFile[]): BookSide {
  const lines = book.split('\n')
  const files = new Map(used.map((file) => [`sections/${file.path}`, file]))
  let own = ''
  let line = 0
  const offsets = manifest.directives.map((row, at) => {
    const isLast = at === manifest.directives.length - 1
    const segment = lines.slice(line, line + row.span)
    line += row.span
    const start = isLast ? textStart(segment, row, files.get(row.file ?? '')) : segment.length - row.lines
    own += `${segment.slice(0, start).join('\n')}\n\n`
    const offset = own.length
    own += `${segment.slice(start + row.lines).join('\n')}\n`
    return offset
  })
  const outline = parseOutline(new VFile({value: own}))
  const headings = flatten(outline.sections)
  let heading = 0
  const sections = manifest.directives.map((row, at): SideSection => {
    const offset = offsets[at] as number
    while ((headings[heading + 1]?.place.start.offset ?? Number.POSITIVE_INFINITY) < offset) heading++
    const {id: sectionId = row.id, title = row.id} = headings[heading] ?? {}
    // Several texts may stand at one place of the author's own words.
    const place = placeAt(offset) + at / (manifest.directives.length + 1)
    return {...rowSection(row, files.get(row.file ?? '')), sectionId, title, place}
  })
  return {name, sections, passages: readPassages(outline)}
}

/** Line of the last segment, which goes to the book's end, on which the directive's text begins. */
function textStart(segment: readonly string[], {lines}: ManifestRow, file: SectionFile | undefined): number {
  const fold = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
  const first = fold(file?.body.split('\n', 1)[0] ?? '')
  const last = segment.length - lines
  for (let at = 0; at <= last; at++) if (first !== '' && fold(segment[at] as string) === first) return at
  return Math.max(0, last)
}

function rowSection(
  {id, prompt}: Pick<ManifestRow, 'id' | 'prompt'>,
  file: SectionFile | undefined,
): Omit<SideSection, 'place'> {
  const address = file?.record?.basis.prompt ?? prompt ?? undefined
  return {
    id,
    sectionId: id.replace(/#\d+$/, ''),
    title: id,
    ...(address === undefined ? {} : {prompt: {address}}),
    ...textOf(file),
  }
}

/** The section files alone, in the manifest's order where there is one. */
function bookOfSections(name: string, used: readonly SectionFile[], manifest: Manifest | undefined): BookSide {
  const rows = new Map(manifest?.directives.map((row, at) => [row.file, {row, at}]))
  const sections = used.map((file, at): SideSection => {
    const known = rows.get(`sections/${file.path}`)
    const id = known?.row.id ?? file.record?.directive ?? file.path.replace(/\.md$/, '')
    return {...rowSection({id, prompt: known?.row.prompt ?? null}, file), place: known?.at ?? rows.size + at}
  })
  return {name, passages: [], sections: sections.sort((one, other) => one.place - other.place)}
}
