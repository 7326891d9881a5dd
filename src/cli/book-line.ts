import {join} from 'node:path'
import type {LineOrigin} from '../book/source-map.ts'
import type {JobId} from '../model/job.ts'
import {firstBodyLine} from '../store/section-file.ts'
import {UsageError} from './exit-codes.ts'
import {displayPath} from './project.ts'
import type {WhyBook, WhyText} from './why-facts.ts'

/** Where a line of `book.md` comes from, as `why --json` gives it. */
export interface BookLineFacts {
  readonly book: string
  readonly file: string
  readonly line: number
  readonly text: string
  /** `between` keeps texts apart; `unknown` is in neither outline nor section files: written or changed by hand. */
  readonly origin: LineOrigin['type'] | 'unknown'
  /** The file that the line is from, and its line there; null where there is none. */
  readonly from: {readonly file: string; readonly line: number} | null
  /** The directive whose text it is or stands in. */
  readonly directive: JobId | null
  /** What was mended in that text. */
  readonly repairs: WhyText['repairs']
  /** How `book.md` stands to what outline and section files give. */
  readonly standing: 'same' | 'older' | 'edited'
}

/** Finds a line of `book.md`, counted from 1; one that is not there is a usage error. */
export function findBookLine(selector: string, book: WhyBook): BookLineFacts {
  const {map, plan, cwd} = book
  const {target} = plan.context.loaded
  const file = displayPath(join(target.outputFolder, 'book.md'), cwd)
  const value = /^line:"?([^"]*)"?$/.exec(selector)?.[1] ?? ''
  if (map.standing === 'absent')
    throw new UsageError('no-book', `Cannot find \`${selector}\` in \`${file}\`, expected a book; \`build\` makes it`)
  const line = /^\d{1,9}$/.test(value) ? Number(value) : 0
  if (line < 1 || line > map.lines.length) {
    const expected = map.lines.length === 0 ? 'a book that is not empty' : `one from 1 to ${map.lines.length}`
    throw new UsageError('no-match', `Unexpected line \`${value}\` of \`${file}\`, expected ${expected}`)
  }
  const origin = map.origins[line - 1]
  const directive = origin?.type === 'directive' ? origin.id : (map.within.get(line) ?? null)
  return {
    book: target.name,
    file,
    line,
    text: map.lines[line - 1] as string,
    origin: origin?.type ?? 'unknown',
    from: originPlace(origin, book),
    directive,
    repairs: directive === null ? [] : (map.repairs.get(directive) ?? []),
    standing: map.standing,
  }
}

function originPlace(origin: LineOrigin | undefined, {plan, cwd}: WhyBook): BookLineFacts['from'] {
  const {outlinePath, outputFolder} = plan.context.loaded.target
  if (origin?.type === 'outline') return {file: displayPath(outlinePath, cwd), line: origin.line}
  if (origin?.type === 'bibliography') return bibliographyPlace(plan, cwd)
  if (origin?.type !== 'directive') return null
  const text = plan.texts.get(origin.id)
  // A placeholder is in no file.
  if (text === undefined) return null
  const line = firstBodyLine(text.file) + origin.line - 1
  return {file: displayPath(join(outputFolder, text.location), cwd), line}
}

/** Its lines are those of the file that lists the sources, from the first on. */
function bibliographyPlace({context}: WhyBook['plan'], cwd: string): BookLineFacts['from'] {
  const {bibliography, target} = context.loaded
  if (bibliography === undefined) return null
  return {file: displayPath(join(target.root, bibliography.path), cwd), line: 1}
}

/** The line of the outline by which a line of the book that is no directive's text is explained. */
export function nearestOutlineLine({line}: BookLineFacts, {map, plan}: WhyBook): number | undefined {
  for (let at = line - 1; at < map.origins.length; at++) {
    const origin = map.origins[at]
    if (origin?.type === 'outline') return origin.line
    if (origin?.type === 'directive') return plan.context.loaded.plan.jobs.get(origin.id)?.directive.position.start.line
  }
  return undefined
}
