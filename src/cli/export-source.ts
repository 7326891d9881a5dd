import {dirname, join} from 'node:path'
import {VFile} from 'vfile'
import type {DirectiveSpan, ExportBook} from '../export/export-book.ts'
import {makeExportBook} from '../export/make-export-book.ts'
import {normaliseLineEnds} from '../model/content-address.ts'
import type {RuleId, RuleSetting} from '../model/rules.ts'
import {readManifest} from '../store/manifest.ts'
import {firstBodyLine} from '../store/section-file.ts'
import {readBookMarkdown} from '../syntax/read-book-markdown.ts'
import {mapBook} from './book-map.ts'
import {planBook} from './build-book.ts'
import {UsageError} from './exit-codes.ts'
import {readExportCover, readExportImages} from './export-images.ts'
import {ExportMessages, type SourcePlace} from './export-messages.ts'
import type {GlobalOptions} from './global-options.ts'
import {judgedBy} from './judged-by.ts'
import type {LoadedOutline} from './load-course.ts'
import {bookContext, type OpenBooks, openBooks, refuseUnbuildable} from './open-books.ts'
import {outlineOfBook} from './outline-of-book.ts'
import {displayPath} from './project.ts'

/** A book that is to be exported, with all that a format may read. */
export interface ExportSource {
  readonly book: ExportBook
  /** Contents of the allowed images that are there, by their paths in `book.images`. */
  readonly images: ReadonlyMap<string, Uint8Array>
  /** Content of the image that the course names as its cover. */
  readonly cover?: Uint8Array
  /** Name of the book: `msk`. */
  readonly name: string
  /** Whether it is derived from a course, as a cheat sheet is. */
  readonly isCompanion: boolean
  /** The folder that `book.md` is in, where exports go. */
  readonly folder: string
  /** `book.md`. */
  readonly file: VFile
  /** Adds a message, where there is a line of `book.md` at the place in outline or section file that it is from. */
  report(ruleId: RuleId, reason: string, line?: number): void
  /** Adds a message on another file than the book's, by its path. */
  reportIn(path: string, ruleId: RuleId, reason: string): void
  /** The files that have messages. */
  reported(): VFile[]
  /** What the config says of rules; applied when all is reported. */
  readonly rules: Readonly<Partial<Record<RuleId, RuleSetting>>>
  /** Ids of directives whose texts are missing. */
  readonly missing: readonly string[]
}

/** What of a book's text the project knows. */
interface BookFacts {
  readonly path: string
  readonly text: string
  readonly directives?: readonly DirectiveSpan[]
  readonly missing: readonly string[]
  /** Where a line is from; undefined where it is in the book alone. */
  placeOf(line: number): SourcePlace | undefined
}

/** Reads the book that a user names, as `verify` does, or any Markdown file. Asks nobody and writes nothing. */
export async function readExportSource(name: string | undefined, options: GlobalOptions): Promise<ExportSource> {
  const named = name === undefined ? undefined : await outlineOfBook(name, options.cwd)
  const open = await openBooks(named === undefined ? [] : [named.outline], {
    ...options,
    ...(named?.out === undefined ? {} : {out: named.out}),
  })
  // Without a name it is the course, whatever is derived from it.
  const courses = open.books.filter(({target}) => target.companion === undefined)
  const [loaded, ...others] = name === undefined && courses.length === 1 ? courses : open.books
  if (loaded === undefined || others.length > 0) {
    const names = open.books.map(({target}) => `\`${target.name}\``).join(', ')
    throw new UsageError('several-books', `Unexpected export of ${open.books.length} books, expected one of ${names}`)
  }
  const isForeign = loaded.outline.directives.length === 0
  if (!isForeign) refuseUnbuildable(open, options.cwd)
  const facts = isForeign ? foreignFacts(loaded) : await bookFacts(open, loaded, options.cwd)
  const folder = dirname(facts.path)
  const file = new VFile({path: displayPath(facts.path, options.cwd), value: facts.text})
  const book = makeExportBook({
    root: readBookMarkdown(facts.text),
    metadata: loaded.outline.metadata,
    name: loaded.target.name,
    ...(facts.directives === undefined ? {} : {directives: facts.directives}),
  })
  const {images, findings} = await readExportImages(book, folder)
  const {cover, findings: ofCover} = await readExportCover(book.metadata.cover, dirname(loaded.target.outlinePath))
  const messages = new ExportMessages(file, facts.placeOf)
  for (const {ruleId, reason, line} of [...book.findings, ...findings, ...ofCover])
    messages.report(ruleId, reason, line)
  const {name: bookName} = loaded.target
  const rules = open.config.rules ?? {}
  return {
    book,
    images,
    name: bookName,
    isCompanion: loaded.target.companion !== undefined,
    folder,
    file,
    report: (ruleId, reason, line) => messages.report(ruleId, reason, line),
    reportIn: (path, ruleId, reason) => messages.reportIn(displayPath(path, options.cwd), ruleId, reason),
    reported: () => messages.files(),
    rules,
    missing: facts.missing,
    ...(cover === undefined ? {} : {cover}),
  }
}

/** A Markdown file that no outline made. */
function foreignFacts({target, outline}: LoadedOutline): BookFacts {
  const text = normaliseLineEnds(outline.source)
  return {path: target.outlinePath, text, missing: [], placeOf: () => undefined}
}

async function bookFacts(open: OpenBooks, loaded: LoadedOutline, cwd: string): Promise<BookFacts> {
  const {target, plan} = loaded
  const path = join(target.outputFolder, 'book.md')
  const {choice, usesModel} = await judgedBy(loaded, {}, open.config)
  const judged = await planBook(bookContext(open, loaded, choice, usesModel))
  const map = await mapBook(judged, await readManifest(target.outputFolder), open.config)
  if (map.standing === 'absent')
    throw new UsageError(
      'no-book',
      `Cannot find \`${displayPath(path, cwd)}\`, expected a book; \`msk-course build\` makes it`,
    )
  const directives = [...map.spans].flatMap(([id, span]): DirectiveSpan[] => {
    const job = plan.jobs.get(id)
    return job === undefined ? [] : [{id, kind: job.kind, ...span}]
  })
  return {
    path,
    text: `${map.lines.join('\n')}\n`,
    directives: directives.sort((a, b) => a.start - b.start),
    missing: directives.filter(({id}) => !judged.texts.has(id as never)).map(({id}) => id),
    placeOf(line) {
      const origin = map.origins[line - 1]
      const outline = loaded.file.path
      if (origin?.type === 'outline') return {file: outline, source: String(loaded.file.value), line: origin.line}
      const own = origin?.type === 'directive' ? judged.texts.get(origin.id) : undefined
      if (origin?.type !== 'directive' || own === undefined) return undefined
      const directive = plan.jobs.get(origin.id)?.directive.position.start.line ?? 1
      return {
        file: displayPath(join(target.outputFolder, own.location), cwd),
        source: own.file.source,
        line: firstBodyLine(own.file) + origin.line - 1,
        related: {file: outline, line: directive, note: `The directive is ${outline}:${directive}, \`${origin.id}\``},
      }
    },
  }
}
