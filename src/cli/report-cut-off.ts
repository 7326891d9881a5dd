import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {costUsd, type Price} from '../model/price.ts'
import type {CompletionStore} from '../store/completion-store.ts'
import {type CutOffRun, readCutOffRuns} from '../store/cut-off-runs.ts'
import {formatUsd} from './format-amounts.ts'
import type {Reporter} from './reporter.ts'

/** How many directives a report names before it counts the rest. */
const shownIds = 100

/**
 * Puts into the store what builds that were cut off had only in their logs, and tells once of requests that they may have
 * paid for without keeping an answer.
 */
export async function reportCutOffRuns(
  stateFolder: string,
  store: CompletionStore,
  priceOf: (model: string) => Price | undefined,
  reporter: Reporter,
): Promise<void> {
  for (const run of await readCutOffRuns(join(stateFolder, 'runs'), store)) {
    if (run.recovered > 0)
      reporter.info(
        `${run.recovered === 1 ? '1 completion' : `${run.recovered} completions`} of the build of ${run.since}, which was cut off, came from its log into the store`,
      )
    if (run.inDoubt.length > 0) reporter.warn(describe(run, priceOf))
    for (const path of run.paths) await rm(path, {force: true})
  }
}

function describe({since, inDoubt}: CutOffRun, priceOf: (model: string) => Price | undefined): string {
  const ids = [...new Set(inDoubt.map(({id}) => id))]
  const shown = ids.slice(0, shownIds).join(', ')
  const rest = ids.length > shownIds ? ` and ${ids.length - shownIds} more` : ''
  let most: number | undefined = 0
  for (const {model, inputTokens, outputTokens} of inDoubt) {
    const price = priceOf(model)
    most = most === undefined || price === undefined ? undefined : most + costUsd({inputTokens, outputTokens}, price)
  }
  const cost = most === undefined ? 'their price is unknown' : `at most ${formatUsd(most)}`
  const requests = inDoubt.length === 1 ? '1 request is' : `${inDoubt.length} requests are`
  return `${requests} in doubt: the build of ${since} was cut off while they were out, so they may have been billed (${cost}) and no answer is kept; what is missing is asked for again: ${shown}${rest}`
}
