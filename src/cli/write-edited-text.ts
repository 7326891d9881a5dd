import {normaliseLineEnds} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import {sectionPath} from '../store/section-path.ts'
import type {SectionsFolder} from '../store/sections-folder.ts'
import type {BookText} from './book-texts.ts'

/**
 * Writes an author's text below the front matter that its section file has, which calls it edited from then on. Gives
 * whether the file was as it was read; else nothing is written.
 */
export async function writeEditedText(
  id: JobId,
  text: string,
  old: BookText | undefined,
  sections: SectionsFolder,
): Promise<boolean> {
  if (old === undefined) return sections.write(sectionPath(id), `${text}\n`, undefined)
  if (!old.location.startsWith('sections/')) return false
  const {source, body} = old.file
  const before = normaliseLineEnds(source).trimEnd()
  // A file without a text ends with its front matter.
  const front = body === '' && before !== '' ? `${before}\n\n` : before.slice(0, before.length - body.length)
  return sections.write(old.location.slice('sections/'.length), `${front}${text}\n`, source)
}
