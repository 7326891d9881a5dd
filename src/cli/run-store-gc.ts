import {existsSync} from 'node:fs'
import {LockedError, OutputLock} from '../store/output-lock.ts'
import {type Garbage, planGarbage} from '../store/plan-garbage.ts'
import {commonGarbage, removeGarbage} from '../store/remove-garbage.ts'
import {replacedFolder} from '../store/replaced-texts.ts'
import {askYes, canAsk} from './ask.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import {findStores, type StoreHome} from './find-stores.ts'
import type {GlobalOptions} from './global-options.ts'
import {displayPath} from './project.ts'
import {Reporter} from './reporter.ts'
import {describeCost, type PriceOf, pricesOf, type StoredCost, storedCost} from './stored-cost.ts'

export interface StoreGcFlags {
  readonly out?: readonly string[]
  /** Days. */
  readonly older: number
  readonly quarantine: boolean
  readonly dryRun: boolean
  readonly yes: boolean
}

/** What would go from one store, or went. */
interface GarbageCount extends StoredCost {
  /** Completions that lists name. */
  readonly completions: number
  readonly texts: number
  /** Messages of requests. */
  readonly messages: number
  readonly temporaries: number
  readonly quarantined: number
  readonly sizeBytes: number
}

const dayMs = 24 * 60 * 60 * 1000

/** Removes completions that no book uses. Shows them, asks, and removes them while no build can run. */
export async function runStoreGc(
  outlines: readonly string[],
  flags: StoreGcFlags,
  options: GlobalOptions,
): Promise<number> {
  const reporter = new Reporter(options)
  const limitMs = Date.now() - flags.older * dayMs
  const find = async (): Promise<StoreHome[]> =>
    (await findStores(outlines, flags.out ?? [], options)).filter(({store}) => existsSync(store))
  const shown = new Map<string, Garbage>()
  const homes = await find()
  for (const home of homes) {
    refuseUnknownBooks(home, options)
    const garbage = await plan(home, limitMs, flags)
    shown.set(home.root, garbage)
    for (const folder of home.gone)
      reporter.info(`${displayPath(folder, options.cwd)} is gone; what only this book used counts as unused`)
    if (!options.json)
      reporter.result(
        `${displayPath(home.store, options.cwd)}: ${describe(countGarbage(garbage, pricesOf(home)), flags)}`,
      )
  }
  if (homes.length === 0) reporter.info('there is no store yet')
  const counts = new Map(
    homes.map((home) => [home.root, countGarbage(shown.get(home.root) as Garbage, pricesOf(home))]),
  )
  const isEmpty = [...counts.values()].every((count) => filesOf(count) === 0)
  if (isEmpty || flags.dryRun) {
    if (options.json) reporter.json(gcReport(homes, counts, flags, options))
    return exitCode.clean
  }
  const consent = await askConsent(flags)
  if (consent !== 'yes') {
    reporter.info('stopped; nothing was removed')
    return consent === 'interrupted' ? exitCode.interrupted : exitCode.findings
  }
  for (const home of homes) {
    const removed = await removeLocked(home, shown.get(home.root) as Garbage, find, limitMs, flags)
    counts.set(home.root, countGarbage(removed, pricesOf(home)))
  }
  if (options.json) reporter.json(gcReport(homes, counts, flags, options))
  else reporter.info('removed')
  return exitCode.clean
}

async function plan({store, folders, root}: StoreHome, limitMs: number, flags: StoreGcFlags): Promise<Garbage> {
  // What can be brought back with --undo uses what it was made of.
  const all = [...folders, replacedFolder(root)]
  return planGarbage(store, {folders: all, limitMs, hasQuarantine: flags.quarantine})
}

/** Removes what was shown and is still unused, with the store and every book of it locked. Gives what went. */
async function removeLocked(
  {root, store}: StoreHome,
  shown: Garbage,
  find: () => Promise<StoreHome[]>,
  limitMs: number,
  flags: StoreGcFlags,
): Promise<Garbage> {
  const locks: OutputLock[] = []
  try {
    // A build notes its folder and then looks at the store's lock: it sees this lock, or its folder is found here.
    locks.push(await takeLock(store))
    const home = (await find()).find((other) => other.root === root)
    if (home === undefined) throw new Error(`Cannot find the store \`${store}\` again, expected it to stay`)
    for (const folder of home.bookFolders) locks.push(await takeLock(folder))
    const garbage = commonGarbage(shown, await plan(home, limitMs, flags))
    await removeGarbage(garbage)
    return garbage
  } finally {
    for (const lock of locks.reverse()) await lock.release()
  }
}

async function takeLock(folder: string): Promise<OutputLock> {
  try {
    return await OutputLock.take(folder, 'msk-course store gc', {nowMs: Date.now(), offersWait: false})
  } catch (error) {
    if (error instanceof LockedError) throw new UsageError('locked', error.message)
    throw error
  }
}

/** Books that cannot be looked at may use anything. */
function refuseUnknownBooks({unknown}: StoreHome, options: GlobalOptions): void {
  const [note] = unknown
  if (note === undefined) return
  const count = unknown.length === 1 ? 'a book' : `${unknown.length} books`
  throw new UsageError(
    'unknown-book',
    `Cannot tell what ${count} built with --out still ${unknown.length === 1 ? 'uses' : 'use'}, expected each folder to be there, or named with --out DIR; for a book that is gone, remove its note, first \`${displayPath(note, options.cwd)}\``,
  )
}

async function askConsent(flags: StoreGcFlags): Promise<'yes' | 'no' | 'interrupted'> {
  if (flags.yes) return 'yes'
  if (canAsk()) return askYes('Remove them?')
  throw new UsageError('needs-yes', 'Cannot ask without a terminal, expected --yes to remove or --dry-run to look')
}

function countGarbage({lists, texts, messages, temporaries, quarantined}: Garbage, priceOf: PriceOf): GarbageCount {
  const entries = lists.flatMap(({lines}) => [...lines.values()])
  const sizeBytes = [...texts, ...messages, ...temporaries, ...quarantined].reduce(
    (sum, file) => sum + file.sizeBytes,
    0,
  )
  return {
    completions: entries.length,
    texts: texts.length,
    messages: messages.length,
    temporaries: temporaries.length,
    quarantined: quarantined.length,
    sizeBytes,
    ...storedCost(entries, priceOf),
  }
}

function filesOf({completions, texts, messages, temporaries, quarantined}: GarbageCount): number {
  return completions + texts + messages + temporaries + quarantined
}

function describe(count: GarbageCount, flags: StoreGcFlags): string {
  if (filesOf(count) === 0) return `nothing to remove that is older than ${flags.older} days`
  const {completions, texts, messages, temporaries, quarantined, sizeBytes} = count
  const rest = [
    ...(messages === 0 ? [] : [`${messages} ${messages === 1 ? 'message' : 'messages'} of requests`]),
    ...(temporaries === 0 ? [] : [`${temporaries} left over from writes that were cut short`]),
    ...(quarantined === 0 ? [] : [`${quarantined} put aside in quarantine/`]),
  ]
  const bought = completions === 0 ? '' : ` (${describeCost(count)})`
  return [
    `unused and older than ${flags.older} days: ${completions} completions${bought}, ${texts} texts`,
    ...rest,
    `${Math.ceil(sizeBytes / 1024)} kB`,
  ].join('; ')
}

function gcReport(
  homes: readonly StoreHome[],
  counts: ReadonlyMap<string, GarbageCount>,
  flags: StoreGcFlags,
  options: GlobalOptions,
): object {
  return {
    version: 1,
    command: 'store gc',
    dryRun: flags.dryRun,
    olderDays: flags.older,
    stores: homes.map(({root, store}) => ({path: displayPath(store, options.cwd), ...counts.get(root)})),
  }
}
