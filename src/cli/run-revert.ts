import {join} from 'node:path'
import type {Job, JobId} from '../model/job.ts'
import {CompletionStore} from '../store/completion-store.ts'
import {formatSectionFile} from '../store/section-file.ts'
import {storeFolder} from '../store/store-paths.ts'
import type {AgainFlags} from './again-flags.ts'
import {exitCode} from './exit-codes.ts'
import {BaseFinder} from './find-base.ts'
import type {GlobalOptions} from './global-options.ts'
import {displayPath} from './project.ts'
import {putSections, type SectionPuts} from './put-sections.ts'
import {Reporter} from './reporter.ts'
import type {BuildSession} from './run-session.ts'
import {type SelectedBook, type Selection, selectAgain, selectorOf} from './select-again.ts'
import {selectCarried} from './select-carried.ts'

/** Flags of `revert`. */
export type RevertFlags = Pick<AgainFlags, 'out' | 'outline' | 'wait'>

/** Returns edited texts to what was generated; nothing is sent. Gives the exit code. */
export async function runRevert(
  selectors: readonly string[],
  {out, outline, wait}: RevertFlags,
  options: GlobalOptions,
): Promise<number> {
  const reporter = new Reporter(options)
  const session: BuildSession = {options, reporter, startMs: performance.now(), stamp: undefined, command: 'revert'}
  const flags: AgainFlags = {
    yes: true,
    offline: true,
    dryRun: false,
    failFast: false,
    wait,
    ...(out === undefined ? {} : {out}),
    ...(outline === undefined ? {} : {outline}),
  }
  const select = (): Promise<Selection> => selectAgain(selectors, flags, options, reporter, 'none')
  const selection = await selectCarried(select, flags, session)
  if (typeof selection === 'number') return selection
  const puts: SectionPuts[] = []
  let isClean = true
  for (const book of selection.books) {
    const contents = new Map<JobId, string>()
    for (const id of book.ids) {
      const found = await generatedText(id, book, options)
      if (found.type === 'found') contents.set(id, found.content)
      else if (found.type === 'none') reporter.info(`${id}: ${found.because}`)
      else {
        reporter.error(`Cannot revert \`${id}\`: ${found.because}`)
        isClean = false
      }
    }
    const said = (id: JobId): string => {
      const name = selectorOf(id, book, selection)
      return `${name}: the generated text is back; \`msk-course regenerate --undo ${name}\` brings back the edited one`
    }
    puts.push({book, contents, dropsBeside: true, said})
  }
  const code = await putSections(selection, puts, flags, session)
  return isClean ? code : Math.max(code, exitCode.findings)
}

type Generated =
  | {readonly type: 'found'; readonly content: string}
  | {readonly type: 'none' | 'lost'; readonly because: string}

async function generatedText(
  id: JobId,
  {plan, loaded, manifest}: SelectedBook,
  {cwd}: GlobalOptions,
): Promise<Generated> {
  const {outputFolder, root} = loaded.target
  const text = plan.texts.get(id)
  if (text === undefined) return {type: 'none', because: 'there is no text yet'}
  if (!text.isEdited && !plan.beside.has(id)) return {type: 'none', because: 'its text is as it was generated'}
  const {record, extra, body} = text.file
  const path = displayPath(join(outputFolder, text.location), cwd)
  if (record === undefined)
    return {
      type: 'lost',
      because: `\`${path}\` has no front matter that tells what was generated; remove the file for a new text`,
    }
  if (!text.isEdited) return {type: 'found', content: formatSectionFile(record, body, extra)}
  const store = new CompletionStore(storeFolder(root))
  const finder = new BaseFinder({
    outputFolder,
    readRaw: (address) => store.readText(address),
    locations: new Map(),
    manifest,
  })
  const base = await finder.find(loaded.plan.jobs.get(id) as Job, text)
  if (base === undefined)
    return {
      type: 'lost',
      because: `neither the store nor the history of \`${path}\` in git has the text that was generated (${record.text.slice(0, 12)}); \`msk-course regenerate --overwrite ${plan.context.selectorOf(id)}\` asks for a new one`,
    }
  return {type: 'found', content: formatSectionFile(record, base, extra)}
}
