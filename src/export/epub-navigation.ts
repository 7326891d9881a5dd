import type {BookWords} from './book-words.ts'
import type {EpubEntry, EpubPlaces} from './epub-places.ts'
import {escapeXml} from './escape-xml.ts'

/** Deepest headings in the table of contents. */
const deepest = 3

/** A place that every reader can lead to by what it is. */
export interface Landmark {
  readonly type: 'cover' | 'titlepage' | 'toc' | 'bodymatter' | 'glossary'
  readonly title: string
  readonly href: string
}

interface Branch {
  readonly entry: EpubEntry
  readonly branches: Branch[]
}

/** The body of the navigation document: contents to depth 3, tables and landmarks. */
export function writeNavigation(
  {headings, tables}: EpubPlaces,
  landmarks: readonly Landmark[],
  words: BookWords,
): string {
  const contents = treeOf(headings.filter(({depth}) => depth <= deepest))
  const lists =
    tables.length === 0
      ? ''
      : `<nav epub:type="lot" id="tables">\n<h2>${escapeXml(words.tables)}</h2>\n${writeBranches(treeOf(tables))}</nav>\n`
  const marks = landmarks.map(
    ({type, title, href}) => `<li><a epub:type="${type}" href="${href}">${escapeXml(title)}</a></li>\n`,
  )
  return `<nav epub:type="toc" role="doc-toc" id="toc" aria-labelledby="contents">
<h1 id="contents">${escapeXml(words.contents)}</h1>
${writeBranches(contents)}</nav>
${lists}<nav epub:type="landmarks" id="landmarks" hidden="hidden">
<h2>${escapeXml(words.landmarks)}</h2>
<ol>
${marks.join('')}</ol>
</nav>
`
}

function treeOf(entries: readonly EpubEntry[]): Branch[] {
  const roots: Branch[] = []
  const above: Branch[] = []
  for (const entry of entries) {
    while (above.length > 0 && (above.at(-1) as Branch).entry.depth >= entry.depth) above.pop()
    const branch: Branch = {entry, branches: []}
    const siblings = above.at(-1)?.branches ?? roots
    siblings.push(branch)
    above.push(branch)
  }
  return roots
}

function writeBranches(branches: readonly Branch[]): string {
  const rows = branches.map(({entry: {page, id, title}, branches: inner}) => {
    const label = title.trim() === '' ? '…' : escapeXml(title)
    return `<li><a href="${page}#${id}">${label}</a>${inner.length === 0 ? '' : `\n${writeBranches(inner)}`}</li>\n`
  })
  return `<ol>\n${rows.join('')}</ol>\n`
}
