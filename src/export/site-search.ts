import MiniSearch from 'minisearch'
import type {BookBlock, BookPhrasing} from './book-nodes.ts'
import type {ExportBook} from './export-book.ts'
import {exportWords} from './export-words.ts'
import {blockText, phrasingText} from './plain-text.ts'
import {chapterPath} from './site-files.ts'

/** A section as the search shows it. */
interface SearchedSection {
  readonly title: string
  readonly text: string
  /** Page and place in it. */
  readonly url: string
  readonly chapter: string
}

/** A script that hands the site's search its index and texts; a script, because a page on a disk may read nothing else. */
export function searchScript(book: ExportBook): string {
  const sections = searchedSections(book)
  const index = new MiniSearch({fields: ['title', 'text'], idField: 'id'})
  index.addAll(sections.map(({title, text}, id) => ({id, title, text})))
  const value = JSON.stringify({index: JSON.stringify(index), sections})
  return `globalThis.courseSearch = ${value.replace(/[\u2028\u2029]/g, (mark) => (mark === '\u2028' ? '\\u2028' : '\\u2029'))}\n`
}

function searchedSections(book: ExportBook): SearchedSection[] {
  const sections: SearchedSection[] = []
  const take = (blocks: readonly BookBlock[], chapter: string, title: string, path: string, id: string): void => {
    let from = 0
    let own = {title, url: id === '' ? path : `${path}#${encodeURIComponent(id)}`}
    const close = (to: number): void => {
      const text = blockText(blocks.slice(from, to)).replace(/\s+/g, ' ').trim()
      sections.push({...own, text, chapter})
    }
    blocks.forEach((block, at) => {
      if (block.type !== 'heading') return
      close(at)
      own = {title: block.title, url: `${path}#${encodeURIComponent(block.id)}`}
      from = at + 1
    })
    close(blocks.length)
  }
  const {title} = book.metadata
  take(book.frontMatter.children, title, title, 'index.html', '')
  for (const [at, chapter] of book.chapters.entries())
    take(chapter.children, chapter.title, chapter.title, chapterPath(at), chapter.id)
  const {glossary} = exportWords(book.metadata.language)
  for (const {id, term, definitions} of book.glossary) {
    const text = definitions.map(({children}: {children: readonly BookPhrasing[]}) => phrasingText(children)).join(' ')
    sections.push({title: term, text, url: `glossary.html#${encodeURIComponent(id)}`, chapter: glossary})
  }
  return sections
}
