import {join} from 'node:path'
import type {Price} from '../model/price.ts'
import {priceOf} from '../model/price-of.ts'
import {systemFaultCode} from '../model/system-fault.ts'
import type {CompletionKeeper} from '../schedule/completion-keeper.ts'
import type {CompletionStore} from '../store/completion-store.ts'
import type {FileWriter} from '../store/file-writer.ts'
import {NoRoomError, Reserve} from '../store/reserve.ts'
import {storeFolder} from '../store/store-paths.ts'
import type {BookPlan, BookRun} from './build-book.ts'
import type {BuildFlags} from './build-flags.ts'
import type {BuildRecorder} from './build-recorder.ts'
import type {GlobalOptions} from './global-options.ts'
import {makeTexts} from './make-texts.ts'
import type {OddAnswers} from './odd-answers.ts'
import type {OpenBooks} from './open-books.ts'
import {PaidStore} from './paid-store.ts'
import type {PlannedBook} from './planned-book.ts'
import type {Progress} from './progress.ts'
import {type BookTarget, displayPath} from './project.ts'
import type {Reporter} from './reporter.ts'
import {openSending, repairsOf, type Sending, unwritableStore} from './sending.ts'
import type {StopSignals} from './signals.ts'
import {usageHistory} from './usage-history.ts'
import {prepareText} from './write-book.ts'

/** What the books of a build share. */
export interface BuildTools {
  readonly reporter: Reporter
  readonly progress: Progress
  readonly signals: StopSignals
  /** By the provider's name. */
  readonly sendings: Map<string, Sending>
  readonly stamp: BuildRecorder | undefined
  /** Writes what is paid for and made of it. */
  readonly files: FileWriter
  readonly oddAnswers: OddAnswers
}

/** Makes the texts of one book that are to be made, from the store or with the provider, and writes each as it arrives. */
export async function sendTexts(
  planned: PlannedBook,
  open: OpenBooks,
  flags: BuildFlags,
  options: GlobalOptions,
  tools: BuildTools,
): Promise<BookRun> {
  const {loaded, choice, plan} = planned
  const {target} = loaded
  const {reporter, progress} = tools
  if (choice.reason !== undefined && plan.make.size > 0) reporter.info(choice.reason)
  const sending = await sendingFor(planned, open, flags, options, tools)
  const store = await sending.openStore(target.root, tools.files)
  const isPaid = choice.name === 'openai'
  await progress.start(plan.make.size, isPaid ? sending.ledger : undefined)
  const reserve = isPaid && plan.make.size > 0 ? await takeReserve(target, sending, plan, options) : undefined
  const paid = {buysAgain: flags.yes, prices: open.config.prices, cwd: options.cwd, reserve}
  const keeper = isPaid ? new PaidStore(store, paid) : draftStore(store)
  const run = await makeTexts(plan, store, keeper, {
    ...sending.options,
    width: 2 * sending.concurrency + 16,
    failFast: flags.failFast,
    files: tools.files,
    onEvent: (event) => progress.on(event),
    readRaw: (address) => store.readText(address),
    repairs: repairsOf(flags, open.config, choice),
    prepareText: (job, text) => prepareText(loaded, job, text, open.config),
  }).finally(() => reserve?.free())
  tools.oddAnswers.note(plan, run)
  for (const {address, movedTo} of store.corrupt) {
    reporter.warn(
      `a stored completion does not match its address ${address.slice(0, 12)} and was put aside: ${displayPath(movedTo, options.cwd)}`,
    )
  }
  return run
}

/** The one way of sending of a provider in this build. */
async function sendingFor(
  {loaded, choice, plan}: PlannedBook,
  open: OpenBooks,
  flags: BuildFlags,
  {cwd}: GlobalOptions,
  {signals, sendings, reporter}: BuildTools,
): Promise<Sending> {
  const known = sendings.get(choice.name)
  if (known !== undefined) return known
  const stateFolder = join(loaded.target.root, '.msk-course')
  const price = (model: string): Price | undefined => priceOf(model, open.config.prices)
  const history = usageHistory(plan)
  const sending = await openSending({choice, open, flags, signals, stateFolder, cwd, reporter, history, priceOf: price})
  sendings.set(choice.name, sending)
  return sending
}

/** Sets room aside before anything is sent; a disk without room or a store that may not be written stops the build here. */
async function takeReserve(
  {root}: BookTarget,
  {concurrency}: Sending,
  {make}: BookPlan,
  options: GlobalOptions,
): Promise<Reserve> {
  const store = storeFolder(root)
  try {
    return await Reserve.take(store, concurrency, make.size)
  } catch (error) {
    const reason = error instanceof NoRoomError ? error.message : systemFaultCode(error)
    if (reason === undefined) throw error
    throw unwritableStore(store, reason, options.cwd)
  }
}

/** A draft is composed anew at no cost, also by a later version that composes better. */
function draftStore(store: CompletionStore): CompletionKeeper {
  return {find: async () => ({type: 'none'}), put: (completion) => store.put(completion)}
}
