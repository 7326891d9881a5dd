import {formatSectionFile, type SectionFile} from '../store/section-file.ts'
import {sectionPath} from '../store/section-path.ts'
import {besidePath, type SectionsFolder} from '../store/sections-folder.ts'
import {sectionLocation} from './book-texts.ts'
import type {BookPlan} from './build-book.ts'
import {renamedTitles} from './renamed-titles.ts'

/**
 * Renames section files of directives that moved, and puts those that no directive wants into `unused/`; a new text that
 * lies beside one goes with it.
 */
export async function moveSections(book: BookPlan, sections: SectionsFolder): Promise<void> {
  const moves = book.orphans.map((from) => ({from, to: from.replace(/^sections\//, 'unused/')}))
  for (const [id, text] of book.texts) {
    const to = sectionLocation(id)
    if (text.location !== to) moves.push({from: text.location, to})
  }
  if (moves.length === 0) return
  const beside = moves
    .filter(({from}) => book.besideFiles.has(from))
    .map(({from, to}) => ({from: besidePath(from), to: besidePath(to)}))
  await sections.move([...moves, ...beside])
  for (const [id, text] of book.texts) {
    const {record, extra, body, source} = text.file
    const path = sectionPath(id)
    let file: SectionFile = {...text.file, path}
    if (record !== undefined && record.directive !== id) {
      const moved = {...record, directive: id}
      // The former id tells the headings' old titles, which other texts may name.
      const isRenamed = renamedTitles(record.directive, id).length > 0
      const kept = isRenamed ? {...extra, formerly: record.directive} : extra
      const content = formatSectionFile(moved, body, kept)
      if (await sections.write(path, content, source)) file = {path, record: moved, extra: kept, body, source: content}
    }
    book.texts.set(id, {...text, location: sectionLocation(id), file})
    const lying = book.beside.get(id)
    if (lying?.record === undefined || lying.record.directive === id) continue
    const moved = {...lying.record, directive: id}
    const content = formatSectionFile(moved, lying.body, lying.extra)
    if (await sections.write(besidePath(path), content, lying.source))
      book.beside.set(id, {...lying, record: moved, source: content})
  }
}
