import {join} from 'node:path'
import {readIfThere} from '../store/completion-store.ts'
import {type AgainFlags, asBuildFlags} from './again-flags.ts'
import {planBook} from './build-book.ts'
import {buildBooks} from './build-books.ts'
import {exitCode} from './exit-codes.ts'
import type {PlannedBook} from './planned-book.ts'
import type {BuildSession} from './run-session.ts'
import type {SelectedBook, Selection} from './select-again.ts'
import {findBookEdits} from './take-book-edits.ts'

/**
 * What is selected, once edits in `book.md` are carried into the section files: a command that puts other texts there is
 * to see them. Gives the exit code where they cannot be carried, which is said, or a signal came.
 */
export async function selectCarried(
  select: () => Promise<Selection>,
  flags: AgainFlags,
  session: BuildSession,
): Promise<Selection | number> {
  const selection = await select()
  const {books, open} = selection
  if (flags.dryRun) return selection
  const found = await Promise.all(books.map((book) => editsOf(book, selection)))
  if (found.every((type) => type === 'none')) return selection
  const planned: PlannedBook[] = []
  for (const {loaded, choice, manifest, plan} of books)
    planned.push({loaded, choice, manifest, plan: await planBook({...plan.context, only: new Set()})})
  const isBlocked = found.includes('blocked')
  const own: BuildSession = isBlocked ? session : {...session, conclude: async () => {}}
  const code = await buildBooks(open, planned, {...asBuildFlags(flags), offline: true}, own)
  return isBlocked || code > exitCode.usage ? code : select()
}

async function editsOf(
  {loaded, manifest, plan}: SelectedBook,
  {open}: Selection,
): Promise<'none' | 'carried' | 'blocked'> {
  const present = await readIfThere(join(loaded.target.outputFolder, 'book.md'))
  return (await findBookEdits(open, plan, manifest, present)).type
}
