import type {Job, JobId, Plan} from '../model/job.ts'
import {isOfOtherBook, otherBookId} from '../model/other-book.ts'
import type {TitledText} from '../plan/fit-upstream.ts'
import {type BookText, readBookTexts, upstreamOf} from './book-texts.ts'
import type {LoadedOutline} from './load-course.ts'

/** The texts that a book reads of other books, as their section files stand, by `BOOK:ID`. */
export async function readOtherTexts({plan, reads}: LoadedOutline): Promise<Map<JobId, BookText>> {
  const others = new Map<JobId, BookText>()
  for (const book of reads) {
    const {texts} = await readBookTexts(book.target.outputFolder, book.plan)
    for (const [id, text] of texts) {
      const own = otherBookId(book.target.name, id)
      // A text whose file has a problem is its own book's to report.
      if (plan.others?.has(own) === true && text.file.problem === undefined) others.set(own, text)
    }
  }
  return others
}

/** Why a job cannot be made because of other books; undefined where one text that it reads of them stands. */
export function missingOthers(
  {dependsOn}: Pick<Job, 'dependsOn'>,
  texts: ReadonlyMap<JobId, BookText>,
): string | undefined {
  const others = dependsOn.filter(isOfOtherBook)
  const [first] = others
  if (first === undefined || others.some((id) => texts.has(id))) return undefined
  const more = others.length === 1 ? '' : ` and ${others.length - 1} more`
  const book = first.slice(0, first.indexOf(':'))
  return `\`${first}\`${more}, which it reads, ${others.length === 1 ? 'has' : 'have'} no text; \`msk-course build ${book}\` comes first`
}

/** Says of which books some texts that a book reads are missing; undefined where none is. */
export function lackingOthers({plan, target}: LoadedOutline, texts: ReadonlyMap<JobId, BookText>): string | undefined {
  const lacking = new Map<string, {missing: number; all: number}>()
  for (const [id, {book}] of plan.others ?? []) {
    const count = lacking.get(book) ?? {missing: 0, all: 0}
    lacking.set(book, {missing: count.missing + (texts.has(id) ? 0 : 1), all: count.all + 1})
  }
  const said = [...lacking]
    .filter(([, {missing}]) => missing > 0)
    .map(([book, {missing, all}]) =>
      missing === all
        ? `\`${book}\` has none of the ${all} texts that it reads, \`msk-course build ${book}\` makes them`
        : `\`${book}\` lacks ${missing} of the ${all} texts that it reads, and it is made from the others`,
    )
  return said.length === 0 ? undefined : `${target.name}: ${said.join('; ')}`
}

/** What a draft reads beside the sources: texts of other books, as they stand. */
export function readOfOthers(
  {dependsOn}: Job,
  plan: Plan,
  texts: ReadonlyMap<JobId, BookText>,
): {upstream?: readonly TitledText[]} {
  const read = upstreamOf({dependsOn: dependsOn.filter(isOfOtherBook)}, plan, texts)
  return read.length === 0 ? {} : {upstream: read.map(({title, text}) => ({title, text}))}
}
