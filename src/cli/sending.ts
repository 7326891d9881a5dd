import {join} from 'node:path'
import type {Config} from '../config/config-schema.ts'
import type {Price} from '../model/price.ts'
import {Gate} from '../schedule/gate.ts'
import {RunLedger} from '../schedule/run-ledger.ts'
import type {SendOptions} from '../schedule/send-options.ts'
import {UsageEstimator, type UsageHistory} from '../schedule/usage-estimator.ts'
import type {CompletionJournal} from '../store/completion-journal.ts'
import {ownHolder} from '../store/output-lock.ts'
import {RunLog} from '../store/run-log.ts'
import type {BuildFlags} from './build-flags.ts'
import type {ProviderChoice, SpendingFlags} from './build-settings.ts'
import {makeProvider, realClock} from './make-provider.ts'
import type {OpenBooks} from './open-books.ts'
import {readRate} from './read-rate.ts'
import type {StopSignals} from './signals.ts'

const defaultConcurrency = 16
const defaultRepairs = 1
const defaultTimeoutSeconds = 600

/** How the books of a build send: one gate, one ledger and one log for all of them. */
export interface Sending {
  readonly options: SendOptions
  readonly ledger: RunLedger
  readonly concurrency: number
  /** Folder of the local state that the log is in. */
  readonly stateFolder: string
  /** Has completions on disk before the store of that folder; absent where nothing is paid for. */
  readonly journal?: CompletionJournal
  /** Ends the log; it stays for the next build to tell where requests were given up or what came could not be kept. */
  close(hasGivenUp: boolean): Promise<void>
}

export interface SendingInput {
  readonly choice: ProviderChoice
  readonly open: OpenBooks
  readonly flags: BuildFlags
  readonly signals: StopSignals
  /** Folder of the project's local state. */
  readonly stateFolder: string
  readonly history: UsageHistory
  priceOf(model: string): Price | undefined
}

/** Makes what a build sends with, by flags and config. Writes nothing before the first request. */
export async function openSending(input: SendingInput): Promise<Sending> {
  const {choice, open, flags, signals, priceOf} = input
  const {config} = open
  const isPaid = choice.name === 'openai' && choice.isOffline !== true
  const log = isPaid
    ? new RunLog(join(input.stateFolder, 'runs'), ownHolder('msk-course build', Date.now()), () => Date.now())
    : undefined
  const concurrency = flags.concurrency ?? config.concurrency ?? defaultConcurrency
  const ledger = new RunLedger({
    priceOf: isPaid ? priceOf : () => undefined,
    ...(flags.maxCost === undefined || !isPaid ? {} : {maxCostUsd: flags.maxCost}),
  })
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
    stateFolder: input.stateFolder,
    ...(log === undefined ? {} : {journal: log}),
    close: async (hasGivenUp) => {
      await log?.close(hasGivenUp)
    },
  }
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
