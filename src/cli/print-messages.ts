import type {VFile} from 'vfile'
import {UsageError} from './exit-codes.ts'
import {formatMessages, type MessageFormat, messageFormats} from './format-messages.ts'
import type {GlobalOptions} from './global-options.ts'
import {placedRows} from './message-row.ts'
import {changedLinesOf, placeOnChanges} from './place-on-changes.ts'
import type {Reporter} from './reporter.ts'
import {addStepSummary} from './step-summary.ts'

/** The format that messages are wanted in; a usage error for one that is not known, or with --json is no JSON. */
export function messageFormat(
  {format}: {readonly format?: string},
  {json}: Pick<GlobalOptions, 'json'>,
): MessageFormat {
  const known = messageFormats.find((own) => own === (format ?? (json ? 'json' : 'text')))
  const expected = messageFormats.filter((own) => !json || own === 'json' || own === 'sarif')
  if (known !== undefined && expected.includes(known)) return known
  const where = json ? ' with --json' : ''
  throw new UsageError('bad-format', `Unexpected format \`${format}\`${where}, expected one of ${expected.join(', ')}`)
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
    cwd,
    // Without a summary that names the rest, nothing is left out.
    isLimited: (process.env.GITHUB_STEP_SUMMARY ?? '') !== '',
    ...(changed === undefined ? {} : {place: (rows) => placeOnChanges(rows, changed, cwd)}),
  })
  reporter.resultSafe(text)
  if (format === 'github') addStepSummary(command, placedRows(files), reporter, process.env)
}
