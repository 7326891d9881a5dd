import type {BookSide, SideSection} from '../diff/book-side.ts'
import type {SectionFile} from '../store/section-file.ts'

/**
 * What a book can be compared by, the fullest first: its outline with the section files; `book.md` and the manifest with
 * the section files; the section files alone; the headings of `book.md`.
 */
const bookForms = ['outline', 'book', 'sections', 'headings'] as const

/** A book of one side in the forms in which that side has it. */
export interface SideBook {
  readonly name: string
  readonly forms: Readonly<Partial<Record<(typeof bookForms)[number], () => BookSide>>>
}

/** Two books in the fullest form that both have; undefined where they have none in common. */
export function inCommonForm(
  before: SideBook | undefined,
  after: SideBook | undefined,
): {readonly before: BookSide | undefined; readonly after: BookSide | undefined} | undefined {
  for (const form of bookForms) {
    const [was, is] = [before?.forms[form], after?.forms[form]]
    const isKnown = (before === undefined || was !== undefined) && (after === undefined || is !== undefined)
    if (isKnown) return {before: was?.(), after: is?.()}
  }
  return undefined
}

/** What a section file says of its text. */
export function textOf(file: SectionFile | undefined): Pick<SideSection, 'text' | 'made'> {
  const record = file?.record
  if (record === undefined) return {text: file?.body}
  const {completion, usage, provider, basis} = record
  return {text: file?.body, made: {completion, model: basis.model, usage, isDraft: provider === 'draft'}}
}
