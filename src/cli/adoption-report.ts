import {join} from 'node:path'
import type {BlockedEdit} from '../book/own-edits.ts'
import type {Adoption} from '../book/plan-adoption.ts'
import {sectionLocation} from './book-texts.ts'
import type {BookPlan} from './build-book.ts'
import {displayPath} from './project.ts'

/** What `adopt` did or would do, as its `--json` gives it. Lines are of the adopted file but where it is said. */
export interface AdoptionReport {
  readonly version: 1
  readonly command: 'adopt'
  readonly book: string
  readonly outline: string
  readonly file: string
  readonly written: boolean
  readonly texts: readonly {readonly id: string; readonly file: string; readonly line: number}[]
  /** New headings; `before` is the outline's line that they go before, null for its end. */
  readonly added: readonly {
    readonly title: string
    readonly depth: number
    readonly line: number
    readonly before: number | null
  }[]
  readonly renamed: Adoption['renamed']
  /** Headings of the outline that the file lacks or has no text for, with the outline's lines. */
  readonly lacking: Adoption['lacking']
  readonly unplaced: readonly {readonly title: string; readonly line: number; readonly reason: string}[]
}

export function adoptionReport(
  {texts, added, renamed, lacking, unplaced}: Adoption,
  {context}: BookPlan,
  file: string,
  written: boolean,
  cwd: string,
): AdoptionReport {
  const {target} = context.loaded
  const outline = displayPath(target.outlinePath, cwd)
  return {
    version: 1,
    command: 'adopt',
    book: target.name,
    outline,
    file,
    written,
    texts: [...texts].map(([id, {line}]) => ({
      id,
      file: displayPath(join(target.outputFolder, sectionLocation(id)), cwd),
      line,
    })),
    added: added.map(({title, depth, line, before}) => ({title, depth, line, before: before ?? null})),
    renamed,
    lacking,
    unplaced: unplaced.map(({title, line, edit}) => ({
      title,
      line: edit?.line ?? line,
      reason: reasonOf(edit, outline),
    })),
  }
}

/** The report for the reader, a line for each thing. */
export function adoptionLines(
  {file, outline, texts, added, renamed, lacking, unplaced}: AdoptionReport,
  isDryRun: boolean,
): string[] {
  const [goes, go] = isDryRun ? ['would go', 'would go'] : ['goes', 'go']
  return [
    ...texts.map((text) => `${file}:${text.line}: ${goes} into ${text.id} (${text.file})`),
    ...added.map(({title, depth, line, before}) => {
      const place = before === null ? `at the end of ${outline}` : `into ${outline} before line ${before}`
      return `${file}:${line}: the new heading \`${title}\` and its text ${go} ${place}, at depth ${depth}`
    }),
    ...renamed.map(({title, as, line}) => `${file}:${line}: \`${title}\` is taken for \`${as}\`, whose title stays`),
    ...lacking.map(({title, line}) => `${outline}:${line}: \`${title}\` has no text in ${file} and stays as it is`),
    ...unplaced.map(
      ({title, line, reason}) =>
        `${file}:${line}: ${title === '' ? 'the text' : `what stands below \`${title}\``} is left in the file: ${reason}`,
    ),
  ]
}

function reasonOf(edit: BlockedEdit | undefined, outline: string): string {
  switch (edit?.because) {
    case undefined:
      return 'there is no heading above it'
    case 'outline':
      return `it changes the outline's own text; change it in ${outline}:${edit.outlineLine}`
    case 'several':
      return 'it goes across the texts of several directives'
    case 'unplaceable':
      return `no text of \`${edit.id}\` stands so in the book`
    default:
      return 'there is no text that it changes'
  }
}
