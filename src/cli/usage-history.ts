import type {UsageHistory} from '../schedule/usage-estimator.ts'
import type {BookPlan} from './build-book.ts'

/** What the texts of a book took when they were made, as its section files tell. */
export function usageHistory({texts}: BookPlan): UsageHistory {
  let output = 0
  let count = 0
  for (const {file, isDraft} of texts.values()) {
    const usage = file.record?.usage
    if (usage === undefined || isDraft || usage.estimated === true) continue
    output += usage.outputTokens
    count++
  }
  return count === 0 ? {} : {outputTokens: output / count}
}
