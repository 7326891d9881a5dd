import {dirname, join} from 'node:path'
import type {Config} from '../config/config-schema.ts'
import type {Price} from '../model/price.ts'
import {systemFaultCode} from '../model/system-fault.ts'
import {Gate} from '../schedule/gate.ts'
import {RunLedger} from '../schedule/run-ledger.ts'
import type {SendOptions} from '../schedule/send-options.ts'
import {UsageEstimator, type UsageHistory} from '../schedule/usage-estimator.ts'
import {CompletionStore} from '../store/completion-store.ts'
import type {FileWriter} from '../store/file-writer.ts'
import {ownHolder} from '../store/output-lock.ts'
import {RunLog} from '../store/run-log.ts'
import {storeFolder} from '../store/store-paths.ts'
import type {BuildFlags} from './build-flags.ts'
import type {ProviderChoice, SpendingFlags} from './build-settings.ts'
import {UsageError} from './exit-codes.ts'
import {makeProvider, realClock} from './make-provider.ts'
import type {OpenBooks} from './open-books.ts'
import {displayPath} from './project.ts'
import {readRate} from './read-rate.ts'
import {reportCutOffRuns} from './report-cut-off.ts'
import type {Reporter} from './reporter.ts'
import type {StopSignals} from './signals.ts'

const defaultConcurrency = 16
const defaultRepairs = 1
const defaultTimeoutSeconds = 600

/** How the books of a build send: one gate, one ledger and one log for all of them. */
export interface Sending {
  readonly options: SendOptions
  readonly ledger: RunLedger
  readonly concurrency: number
  /** The store of a project's root; what it was given before is in its files when this returns. */
  openStore(root: string, files: FileWriter): Promise<CompletionStore>
  /**
   * Ends the log when all completions are in the store; it stays for the next build to tell where requests were given up
   * or what came could not be kept. Throws where completions are in the log alone.
   */
  close(hasGivenUp: boolean): Promise<void>
}

export interface SendingInput {
  readonly choice: ProviderChoice
  readonly open: OpenBooks
  readonly flags: BuildFlags
  readonly signals: StopSignals
  /** Folder of the project's local state. */
  readonly stateFolder: string
  readonly cwd: string
  readonly reporter: Reporter
  readonly history: UsageHistory
  priceOf(model: string): Price | undefined
}

/**
 * Makes what a build sends with, by flags and config. What an earlier build was cut off with comes into the store and is
 * told first; else it writes nothing before the first request.
 */
export async function openSending(input: SendingInput): Promise<Sending> {
  const {choice, open, flags, signals, priceOf} = input
  const {config} = open
  if (choice.name === 'openai') {
    const store = new CompletionStore(storeFolder(dirname(input.stateFolder)))
    await reportCutOffRuns(input.stateFolder, store, priceOf, input.reporter)
  }
  const isPaid = choice.name === 'openai' && choice.isOffline !== true
  const log = isPaid
    ? new RunLog(join(input.stateFolder, 'runs'), ownHolder('msk-course build', Date.now()), () => Date.now())
    : undefined
  const concurrency = flags.concurrency ?? config.concurrency ?? defaultConcurrency
  const ledger = new RunLedger({
    priceOf: isPaid ? priceOf : () => undefined,
    ...(flags.maxCost === undefined || !isPaid ? {} : {maxCostUsd: flags.maxCost}),
  })
  const stores: CompletionStore[] = []
  const settle = async (): Promise<void> => {
    for (const store of stores) {
      const unfiled = await store.settle()
      if (unfiled > 0) throw unwritableStore(store.root, describeUnfiled(unfiled, store.filingFault), input.cwd)
    }
  }
  const options: SendOptions = {
    provider: await makeProvider(choice, open),
    gate: new Gate({concurrency, random: Math.random, ...ceilings(flags, config)}, realClock.nowMs()),
    ledger,
    estimator: new UsageEstimator(input.history),
    ...(log === undefined ? {} : {intents: log}),
    clock: realClock,
    random: Math.random,
    timeoutMs: (flags.timeout ?? config.timeout ?? defaultTimeoutSeconds) * 1000,
    stop: signals.stop,
    abort: signals.abort,
  }
  return {
    options,
    ledger,
    concurrency,
    openStore: async (root, files) => {
      // One book may send what another has sent.
      await settle()
      const folder = storeFolder(root)
      // What a log holds is looked for beside it.
      const isOwn = folder === storeFolder(dirname(input.stateFolder))
      const store = new CompletionStore(folder, files, isOwn ? log : undefined)
      stores.push(store)
      return store
    },
    close: async (hasGivenUp) => {
      try {
        await settle()
      } finally {
        await log?.close(hasGivenUp)
      }
    },
  }
}

/** A fault of the store's disk, or of a folder that may not be written. */
export function unwritableStore(store: string, reason: string, cwd: string): UsageError {
  return new UsageError('unwritable-store', `Cannot keep completions in \`${displayPath(store, cwd)}\`: ${reason}`)
}

function describeUnfiled(count: number, fault: unknown): string {
  const which = count === 1 ? '1 completion that was paid for stands' : `${count} completions that were paid for stand`
  return `${systemFaultCode(fault)}, ${(fault as Error).message}; ${which} in the log of this run, and the next build puts them into the store`
}

/** Further requests that a text may take: the flag's, else the config's; none where nothing may be sent. */
export function repairsOf(
  {repairs}: Pick<SpendingFlags, 'repairs'>,
  config: Pick<Config, 'repairs'>,
  {name, isOffline}: Pick<ProviderChoice, 'name' | 'isOffline'>,
): number {
  if (name !== 'openai' || isOffline === true) return 0
  return repairs ?? config.repairs ?? defaultRepairs
}

function ceilings(
  flags: BuildFlags,
  config: Config,
): Pick<ConstructorParameters<typeof Gate>[0], 'requests' | 'tokens'> {
  const requests = flags.rpm ?? (config.rpm === undefined ? undefined : readRate(config.rpm))
  const tokens = flags.tpm ?? (config.tpm === undefined ? undefined : readRate(config.tpm))
  return {...(requests === undefined ? {} : {requests}), ...(tokens === undefined ? {} : {tokens})}
}
