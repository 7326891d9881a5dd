import {textAddress} from '../model/content-address.ts'
import type {SectionFile} from '../store/section-file.ts'
import {canonicalMarkdown} from '../syntax/canonical-markdown.ts'

/** Whether somebody read a text as it stands: `changed` for one that is another since it was read. */
export type ReviewState = 'read' | 'changed' | 'unread'

/** Who read a text, as its section file says. */
export interface Reviewed {
  readonly by: string
  /** Address of the text that was read, in its canonical form. */
  readonly text: string
}

/** Who read a section file's text last; undefined where nobody did, or where what it says of that cannot be read. */
export function reviewOf({extra}: Pick<SectionFile, 'extra'>): Reviewed | undefined {
  const {reviewed} = extra
  if (typeof reviewed !== 'object' || reviewed === null) return undefined
  const {by, text} = reviewed as Partial<Record<keyof Reviewed, unknown>>
  return typeof by === 'string' && typeof text === 'string' ? {by, text} : undefined
}

/** The note that somebody read a text; what the program wrote has its own address, as it is in canonical form. */
export function makeReview(by: string, body: string): Reviewed {
  return {by, text: textAddress(canonicalMarkdown(body))}
}

/** Whether a section file's text was read as it stands; a text that only was re-wrapped since is the same text. */
export function reviewStateOf(file: Pick<SectionFile, 'extra' | 'body'> | undefined): ReviewState {
  const reviewed = file === undefined ? undefined : reviewOf(file)
  if (file === undefined || reviewed === undefined) return 'unread'
  const {body} = file
  const forms = [() => body, () => canonicalMarkdown(body), () => canonicalMarkdown(body, {lists: 'tight'})]
  return forms.some((form) => textAddress(form()) === reviewed.text) ? 'read' : 'changed'
}
