import {planBook} from './build-book.ts'
import {exitCode} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {judgedBy} from './judged-by.ts'
import {hasErrors} from './load-course.ts'
import {bookContext, openBooks, refuseUnbuildable} from './open-books.ts'
import {Reporter} from './reporter.ts'
import {selectInBook} from './select-in-book.ts'
import {showMessages} from './show-messages.ts'

export interface ListFlags {
  readonly section?: string
  readonly out?: string
}

interface ListRow {
  readonly book: string
  readonly id: string
  readonly kind: string
  readonly container: string
  readonly depth: number
  readonly line: number
  readonly state: string
  readonly edited: boolean
  readonly draft: boolean
  readonly reasons: readonly string[]
}

/** Every directive and its state. Sends and writes nothing, reads no key. */
export async function runList(outlines: readonly string[], flags: ListFlags, options: GlobalOptions): Promise<number> {
  const reporter = new Reporter(options)
  const open = await openBooks(outlines, {...options, ...(flags.out === undefined ? {} : {out: flags.out})})
  await showMessages(
    open.files.filter((file) => hasErrors([file])),
    reporter,
    options,
  )
  refuseUnbuildable(open, options.cwd)
  const rows: ListRow[] = []
  for (const loaded of open.books) {
    const {choice, usesModel} = await judgedBy(loaded, {}, open.config)
    const context = bookContext(open, loaded, choice, usesModel)
    const plan = await planBook(context)
    const {judged} = plan
    const selected = flags.section === undefined ? undefined : selectInBook(flags.section, open.books, plan)
    for (const {id, kind, depth, directive} of loaded.plan.jobs.values()) {
      if (selected !== undefined && !selected.has(id)) continue
      const text = plan.texts.get(id)
      const judgement = judged.get(id)
      rows.push({
        book: loaded.target.name,
        id,
        kind,
        container: directive.container,
        depth,
        line: directive.position.start.line,
        state: judgement?.state ?? 'missing',
        edited: text?.isEdited ?? false,
        draft: text?.isDraft ?? false,
        reasons: judgement?.state === 'fresh' ? [] : (judgement?.reasons ?? []),
      })
    }
  }
  if (options.json) reporter.json(open.books.length > 1 ? rows : rows.map(({book: _, ...row}) => row))
  else showRows(rows, open.books.length > 1, reporter)
  return exitCode.clean
}

function showRows(rows: readonly ListRow[], hasBooks: boolean, reporter: Reporter): void {
  const lines = rows.map(({book, id, kind, line, state, edited, draft, reasons}) => {
    const flags = [...(edited ? ['edited'] : []), ...(draft ? ['draft'] : [])]
    const note = [...flags, ...reasons].join('; ')
    return `${state.padEnd(8)} ${String(line).padStart(6)}  ${hasBooks ? `${book}:` : ''}${id}  (${kind})${note === '' ? '' : `  ${note}`}`
  })
  reporter.result(lines.join('\n'))
  const counts = new Map<string, number>()
  for (const {state} of rows) counts.set(state, (counts.get(state) ?? 0) + 1)
  reporter.info(`${rows.length} directives: ${[...counts].map(([state, count]) => `${count} ${state}`).join(', ')}`)
}
