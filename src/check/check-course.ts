import type {Position} from 'unist'
import type {VFile} from 'vfile'
import type {Outline, OutlineLink} from '../model/outline.ts'
import {bookAnchors} from './book-anchors.ts'
import {checkChapters} from './check-chapters.ts'
import {checkCode} from './check-code.ts'
import {checkDuplicates} from './check-duplicates.ts'
import {checkFormerTitles} from './check-former-titles.ts'
import {LinkCheck, type LinkTargets} from './check-links.ts'
import {checkTerms} from './check-terms.ts'
import type {CourseText} from './course-text.ts'

/** A book as it stands: its outline, and its texts by the index of the outline's directives. */
export interface CourseBook extends Omit<LinkTargets, 'anchors'> {
  readonly outline: Outline
  /** Gets the messages about the author's own text. */
  readonly outlineFile: VFile
  readonly texts: readonly (CourseText | undefined)[]
  /** What the author wrote around the directives. */
  readonly authorText: string
  placeOf(link: OutlineLink): Position
  /** Ids that the book has beside those of its headings and texts. */
  readonly anchors?: readonly string[]
}

/** Runs the checks over a whole book; each adds messages to the file in which the fault is. */
export function checkCourse(book: CourseBook): void {
  const {outline, outlineFile} = book
  const all = book.texts.filter((text) => text !== undefined)
  const texts = all.filter(({isBroken}) => !isBroken)
  const links = new LinkCheck({
    anchors: new Set([...bookAnchors(outline, book.texts), ...(book.anchors ?? [])]),
    exists: (path, from) => book.exists(path, from),
    isBook: (path, from) => book.isBook(path, from),
  })
  for (const text of texts) {
    links.checkText(text)
    checkCode(text)
  }
  links.checkOutline(outline.links, outlineFile, (link) => book.placeOf(link))
  checkTerms(all, book.authorText)
  checkChapters(texts, outline.sections)
  checkFormerTitles(texts, outline.sections)
  checkDuplicates(texts)
}
