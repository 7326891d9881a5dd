import type {VFile} from 'vfile'
import {UsageError} from './exit-codes.ts'
import {formatMessages, type MessageFormat, messageFormats} from './format-messages.ts'
import type {GlobalOptions} from './global-options.ts'
import {placedRows} from './message-row.ts'
import {changedLinesOf, placeOnChanges} from './place-on-changes.ts'
import type {Reporter} from './reporter.ts'
import {addStepSummary} from './step-summary.ts'

/** The format that flags ask for; one that is unknown, or no JSON with `--json`, is a usage error. */
export function messageFormat(name: string | undefined, {json}: Pick<GlobalOptions, 'json'>): MessageFormat {
  if (name === undefined) return json ? 'json' : 'text'
  if (!(messageFormats as readonly string[]).includes(name))
    throw new UsageError('bad-format', `Unexpected format \`${name}\`, expected one of ${messageFormats.join(', ')}`)
  if (json && name !== 'json' && name !== 'sarif')
    throw new UsageError('bad-format', `Unexpected --format ${name} with --json, expected one of the two`)
  return name as MessageFormat
}

/**
 * Prints the messages of a command in a format. For GitHub they are put on changed lines where that is possible, and all
 * of them go to the step's summary too.
 */
export async function printMessages(
  command: string,
  files: readonly VFile[],
  format: MessageFormat,
  reporter: Reporter,
  {cwd, verbose}: GlobalOptions,
): Promise<void> {
  const isForReview = format === 'github' || format === 'sarif'
  const changed = isForReview ? await changedLinesOf(cwd, process.env) : undefined
  const text = await formatMessages(files, format, {
    isVerbose: verbose,
    hasColor: reporter.hasColor,
    // Without a summary that names the rest, nothing is left out.
    isLimited: (process.env.GITHUB_STEP_SUMMARY ?? '') !== '',
    ...(changed === undefined ? {} : {place: (rows) => placeOnChanges(rows, changed, cwd)}),
  })
  reporter.resultSafe(text)
  if (format === 'github') addStepSummary(command, placedRows(files), reporter, process.env)
}
