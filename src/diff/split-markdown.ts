import {VFile} from 'vfile'
import {parseOutline} from '../syntax/parse-outline.ts'
import type {BookSide} from './book-side.ts'
import {readPassages} from './read-passages.ts'

/** A book that is known by its Markdown alone: a section for each heading, down to the next heading of any depth. */
export function splitMarkdown(name: string, markdown: string): BookSide {
  const passages = readPassages(parseOutline(new VFile({value: markdown})))
  return {name, passages: [], sections: passages.map((passage) => ({...passage, sectionId: passage.id}))}
}
