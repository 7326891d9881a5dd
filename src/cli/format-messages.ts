import type {VFile} from 'vfile'
import {escapeTerminal} from './escape-terminal.ts'
import {githubAnnotations} from './github-annotations.ts'
import {junitReport} from './junit-report.ts'
import {messageRows, type PlacedRow, placedRows} from './message-row.ts'
import {sarifLog} from './sarif-log.ts'

export const messageFormats = ['text', 'json', 'sarif', 'github', 'junit'] as const
export type MessageFormat = (typeof messageFormats)[number]

export interface FormatOptions {
  /** All messages in the text form, also those that repeat. */
  readonly isVerbose: boolean
  readonly hasColor: boolean
  /** Folder that the files' paths start from. */
  readonly cwd: string
  /** Whether no more annotations are given than GitHub takes from a step. Default: all. */
  readonly isLimited?: boolean
  /** Puts rows in order, and at other places, for those who show them beside a change. Default: as they are. */
  place?(rows: readonly PlacedRow[]): readonly PlacedRow[]
}

/** How many messages of one rule the text form shows before it sums up the rest. */
const shownPerRule = 10

/** Messages in one of the formats; ends with a line end unless it is empty. */
export async function formatMessages(
  files: readonly VFile[],
  format: MessageFormat,
  options: FormatOptions,
): Promise<string> {
  const {place = (rows) => rows, isLimited = false} = options
  switch (format) {
    case 'json':
      return `${escapeTerminal(JSON.stringify(messageRows(files), null, 2))}\n`
    case 'sarif':
      return `${escapeTerminal(JSON.stringify(sarifLog(place(placedRows(files)), options.cwd), null, 2))}\n`
    case 'github':
      return githubAnnotations(place(placedRows(files)), isLimited)
    case 'junit':
      return junitReport(files)
    default:
      return toText(files, options)
  }
}

/** The reader's form: vfile-reporter's table, with messages that repeat summed up behind it. */
async function toText(files: readonly VFile[], options: FormatOptions): Promise<string> {
  const [{reporter}, {VFile: File}] = await Promise.all([import('vfile-reporter'), import('vfile')])
  const counts = new Map<string, number>()
  const hidden = new Map<string, number>()
  const shown = files
    .filter((file) => file.messages.length > 0)
    .map((file) => {
      const copy = new File({path: escapeTerminal(file.path), value: file.value})
      for (const message of file.messages) {
        const ruleId = message.ruleId ?? ''
        const count = (counts.get(ruleId) ?? 0) + 1
        counts.set(ruleId, count)
        if (!options.isVerbose && count > shownPerRule && message.fatal !== true) {
          hidden.set(ruleId, (hidden.get(ruleId) ?? 0) + 1)
          continue
        }
        const place = message.place === undefined ? {} : {place: message.place}
        copy.message(escapeTerminal(message.reason), {...place, ruleId}).fatal = message.fatal
      }
      return copy
    })
    // One whose messages are all summed up would be called free of issues.
    .filter((copy) => copy.messages.length > 0)
  if (shown.length === 0) return ''
  const rest = [...hidden].map(([ruleId, count]) => `… and ${count} more ${ruleId}; --verbose shows all\n`)
  return `${reporter(shown, {color: options.hasColor})}\n${rest.join('')}`
}
