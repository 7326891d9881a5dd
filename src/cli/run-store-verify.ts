import {dirname, join} from 'node:path'
import {type BookUse, findUses} from '../store/book-uses.ts'
import {readLoggedTexts} from '../store/cut-off-runs.ts'
import {LockedError, OutputLock} from '../store/output-lock.ts'
import {parseSectionFile} from '../store/section-file.ts'
import {type StoreProblem, type StoreState, verifyStore} from '../store/verify-store.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import {findStores, type StoreHome} from './find-stores.ts'
import type {GlobalOptions} from './global-options.ts'
import {displayPath} from './project.ts'
import {Reporter} from './reporter.ts'
import {describeCost, type PriceOf, pricesOf, storedCost} from './stored-cost.ts'

export interface StoreVerifyFlags {
  readonly out?: readonly string[]
  readonly repair: boolean
}

/** A directive whose section file names what a problem is about. */
interface AffectedSection {
  readonly directive: string
  readonly file: string
}

/** Checks the store. Sends nothing, needs no key, and changes nothing but what `--repair` puts aside. */
export async function runStoreVerify(
  outlines: readonly string[],
  flags: StoreVerifyFlags,
  options: GlobalOptions,
): Promise<number> {
  const reporter = new Reporter(options)
  const stores: object[] = []
  let count = 0
  for (const home of await findStores(outlines, flags.out ?? [], options)) {
    await refuseWhileRemoving(home)
    const startMs = Date.now()
    const logged = await readLoggedTexts(join(dirname(home.store), 'runs'))
    const state = await verifyStore(home.store, {startMs, isRepaired: flags.repair, logged})
    count += state.problems.length
    const priceOf = pricesOf(home)
    const affected = await findAffected(home, state, options)
    const rows = state.problems.map((problem) => problemRow(problem, affected, priceOf, options))
    const {texts, lists, entries, inLogs, quarantined} = state
    stores.push({
      path: displayPath(home.store, options.cwd),
      texts,
      lists,
      entries,
      inLogs,
      quarantined,
      problems: rows,
    })
    if (options.json) continue
    for (const [at, problem] of state.problems.entries())
      reporter.result(problemLine(problem, rows[at] as ProblemRow, priceOf))
    reporter.info(summary(home, state, options))
    if (inLogs > 0) reporter.info(describeLogged(inLogs))
  }
  if (options.json) reporter.json({version: 1, command: 'store verify', stores})
  return count > 0 ? exitCode.findings : exitCode.clean
}

async function refuseWhileRemoving({store}: StoreHome): Promise<void> {
  try {
    await OutputLock.refuseHeld(store)
  } catch (error) {
    if (error instanceof LockedError) throw new UsageError('locked', error.message)
    throw error
  }
}

/** Sections by the addresses of requests and completions that they name. */
async function findAffected(
  home: StoreHome,
  {problems}: StoreState,
  options: GlobalOptions,
): Promise<Map<string, AffectedSection[]>> {
  const wanted = new Set<string>()
  for (const problem of problems) for (const address of addressesOf(problem)) wanted.add(address)
  const affected = new Map<string, AffectedSection[]>()
  if (wanted.size === 0) return affected
  for await (const use of findUses(home.folders, wanted)) {
    const directive = directiveOf(use)
    if (directive === undefined) continue
    const section = {directive, file: displayPath(use.path, options.cwd)}
    for (const address of use.addresses) affected.set(address, [...(affected.get(address) ?? []), section])
  }
  return affected
}

function directiveOf({path, content}: BookUse): string | undefined {
  return path.endsWith('.md') ? parseSectionFile(path, content).record?.directive : undefined
}

function addressesOf({address, purchases}: StoreProblem): string[] {
  return [...(address === undefined ? [] : [address]), ...purchases.map(({request}) => request)]
}

interface ProblemRow {
  readonly type: StoreProblem['type']
  readonly path: string
  readonly line: number | null
  readonly because: string
  readonly movedTo: string | null
  readonly purchases: readonly object[]
  readonly usedBy: readonly AffectedSection[]
}

function problemRow(
  problem: StoreProblem,
  affected: ReadonlyMap<string, readonly AffectedSection[]>,
  priceOf: PriceOf,
  options: GlobalOptions,
): ProblemRow {
  const {type, path, line, because, movedTo, purchases} = problem
  const sections = addressesOf(problem).flatMap((address) => affected.get(address) ?? [])
  return {
    type,
    path: displayPath(path, options.cwd),
    line: line ?? null,
    because,
    movedTo: movedTo === undefined ? null : displayPath(movedTo, options.cwd),
    purchases: purchases.map(({request, entry: {sent: _, ...entry}}) => ({
      request,
      ...entry,
      costUsd: storedCost([entry], priceOf).costUsd,
    })),
    usedBy: [...new Map(sections.map((section) => [section.file, section])).values()],
  }
}

const titles: Readonly<Record<StoreProblem['type'], string>> = {
  'damaged-text': 'damaged text',
  'missing-text': 'lost text',
  'unnamed-text': 'text that no build finds',
  'damaged-message': 'damaged message of requests',
  'missing-message': 'lost message of a request',
  'unnamed-message': 'message of no request',
  'damaged-line': 'damaged line',
  'unknown-file': 'unknown file',
}

function problemLine(problem: StoreProblem, row: ProblemRow, priceOf: PriceOf): string {
  const place = row.line === null ? row.path : `${row.path}:${row.line}`
  const parts = [`${place}: ${titles[row.type]}, ${row.because}`]
  if (row.movedTo !== null) parts.push(`put aside in ${row.movedTo}`)
  for (const {entry} of problem.purchases) {
    const {generated, model, provider} = entry
    parts.push(
      provider === 'draft'
        ? `a draft of ${generated}`
        : `bought ${generated} from ${model}: ${describeCost(storedCost([entry], priceOf))}`,
    )
  }
  if (row.usedBy.length > 0) parts.push(`used by ${row.usedBy.map(({directive}) => directive).join(', ')}`)
  return parts.join('; ')
}

function describeLogged(count: number): string {
  const what = count === 1 ? '1 completion stands' : `${count} completions stand`
  return `${what} only in the log of a build that was cut off; the next build puts ${count === 1 ? 'it' : 'them'} into the store`
}

function summary(home: StoreHome, state: StoreState, options: GlobalOptions): string {
  const {texts, lists, entries, quarantined, problems} = state
  const aside = quarantined === 0 ? '' : `, ${quarantined} put aside in quarantine/`
  const found =
    problems.length === 0
      ? 'no problem'
      : `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}, see docs/store.md`
  return `${displayPath(home.store, options.cwd)}: ${texts} texts, ${entries} completions in ${lists} lists${aside}: ${found}`
}
