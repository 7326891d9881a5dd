import {VFile} from 'vfile'
import {messageSeverity} from '../model/report.ts'
import {formatMessages} from './format-messages.ts'
import type {GlobalOptions} from './global-options.ts'
import type {Reporter} from './reporter.ts'

/** Shows errors and warnings of what is read before a command works; info is `check`'s. */
export async function showMessages(files: readonly VFile[], reporter: Reporter, options: GlobalOptions): Promise<void> {
  const severities = files.flatMap((file) => file.messages.map(messageSeverity))
  const isWanted = severities.includes('error') || (severities.includes('warning') && !options.quiet)
  if (!isWanted || options.json) return
  const shown = files.map((file) => {
    const copy = new VFile({path: file.path, value: file.value})
    copy.messages = file.messages.filter((message) => messageSeverity(message) !== 'info')
    return copy
  })
  reporter.raw(
    await formatMessages(shown, 'text', {isVerbose: options.verbose, hasColor: reporter.hasColor, cwd: options.cwd}),
  )
}
