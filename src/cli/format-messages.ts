import {isAbsolute, resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {VFile} from 'vfile'
import type {VFileMessage} from 'vfile-message'
import {messageSeverity} from '../model/report.ts'
import type {Severity} from '../model/rules.ts'
import {escapeTerminal} from './escape-terminal.ts'

export const messageFormats = ['text', 'json', 'sarif', 'github', 'junit'] as const
export type MessageFormat = (typeof messageFormats)[number]

/** A message as scripts get it (contract, C7). */
export interface MessageRow {
  readonly file: string
  readonly line: number | null
  readonly column: number | null
  readonly endLine: number | null
  readonly endColumn: number | null
  readonly ruleId: string
  readonly severity: Severity
  readonly reason: string
  readonly url: string | null
}

export interface FormatOptions {
  /** All messages in the text form, also those that repeat. */
  readonly isVerbose: boolean
  readonly hasColor: boolean
  /** Folder that the files' paths start from. */
  readonly cwd: string
}

/** How many messages of one rule the text form shows before it sums up the rest. */
const shownPerRule = 10

export function messageRows(files: Iterable<VFile>): MessageRow[] {
  const rows: MessageRow[] = []
  for (const file of files) for (const message of file.messages) rows.push(messageRow(file, message))
  return rows
}

/** Messages in one of the formats; ends with a line end unless it is empty. */
export async function formatMessages(
  files: readonly VFile[],
  format: MessageFormat,
  options: FormatOptions,
): Promise<string> {
  const rows = messageRows(files)
  switch (format) {
    case 'json':
      return `${escapeTerminal(JSON.stringify(rows, null, 2))}\n`
    case 'sarif':
      return `${escapeTerminal(JSON.stringify(toSarif(rows, options.cwd), null, 2))}\n`
    case 'github':
      return rows.map(toGitHub).join('')
    case 'junit':
      return toJunit(files, rows)
    default:
      return toText(files, options)
  }
}

function messageRow(file: VFile, message: VFileMessage): MessageRow {
  const {place} = message
  const end = place !== undefined && 'end' in place ? place.end : place
  return {
    file: file.path,
    line: message.line ?? null,
    column: message.column ?? null,
    endLine: end?.line ?? null,
    endColumn: end?.column ?? null,
    ruleId: message.ruleId ?? 'unknown',
    severity: messageSeverity(message),
    reason: message.reason,
    url: message.url ?? null,
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

function toGitHub(row: MessageRow): string {
  const command = row.severity === 'info' ? 'notice' : row.severity
  const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
  const data = (text: string): string =>
    escapeTerminal(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  const place = [
    `file=${property(row.file)}`,
    ...(row.line === null ? [] : [`line=${row.line}`]),
    ...(row.endLine === null || row.endLine === row.line ? [] : [`endLine=${row.endLine}`]),
    ...(row.column === null ? [] : [`col=${row.column}`]),
    ...(row.endColumn === null || row.endLine !== row.line ? [] : [`endColumn=${row.endColumn}`]),
    `title=${property(row.ruleId)}`,
  ]
  return `::${command} ${place.join(',')}::${data(row.reason)}\n`
}

function toSarif(rows: readonly MessageRow[], cwd: string): unknown {
  const ruleIds = [...new Set(rows.map(({ruleId}) => ruleId))].sort()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'msk-course',
            rules: ruleIds.map((id) => {
              const url = rows.find((row) => row.ruleId === id)?.url
              return {
                id,
                shortDescription: {text: id},
                ...(url === null || url === undefined ? {} : {help: {text: url}}),
              }
            }),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: rows.map((row) => ({
          ruleId: row.ruleId,
          ruleIndex: ruleIds.indexOf(row.ruleId),
          level: row.severity === 'info' ? 'note' : row.severity,
          message: {text: row.reason},
          locations: [
            {
              physicalLocation: {
                artifactLocation: {uri: sarifUri(row.file, cwd)},
                ...(row.line === null ? {} : {region: region(row)}),
              },
            },
          ],
        })),
      },
    ],
  }
}

/** A path as SARIF takes it: relative and below the working folder, else a file URI. */
function sarifUri(path: string, cwd: string): string {
  const isBelow = !isAbsolute(path) && !/^\.\.(?:[/\\]|$)/.test(path)
  return isBelow
    ? path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/')
    : pathToFileURL(resolve(cwd, path)).href
}

function region(row: MessageRow): Record<string, number> {
  return {
    startLine: row.line ?? 1,
    ...(row.column === null ? {} : {startColumn: row.column}),
    ...(row.endLine === null ? {} : {endLine: row.endLine}),
    ...(row.endColumn === null ? {} : {endColumn: row.endColumn}),
  }
}

function toJunit(files: readonly VFile[], rows: readonly MessageRow[]): string {
  const xml = (text: string): string =>
    escapeTerminal(text)
      // No XML document may hold these, not even escaped.
      .replace(/[\ufffe\uffff\ud800-\udfff]/gu, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll('\n', '&#10;')
  const failures = rows.filter(({severity}) => severity !== 'info')
  const suites = files.map((file) => {
    const own = rows.filter((row) => row.file === file.path)
    const failed = own.filter(({severity}) => severity !== 'info')
    const cases = own.map((row) => {
      const name = xml(`${row.ruleId} ${row.line ?? 1}:${row.column ?? 1}`)
      const place = xml(`${row.file}:${row.line ?? 1}:${row.column ?? 1}`)
      const content =
        row.severity === 'info'
          ? `<system-out>${xml(row.reason)}</system-out>`
          : `<failure type="${row.severity}" message="${xml(row.reason)}">${place}</failure>`
      return `    <testcase classname="${xml(row.file)}" name="${name}">${content}</testcase>\n`
    })
    const body =
      cases.length > 0 ? cases.join('') : `    <testcase classname="${xml(file.path)}" name="no messages"/>\n`
    return `  <testsuite name="${xml(file.path)}" tests="${Math.max(own.length, 1)}" failures="${failed.length}">\n${body}  </testsuite>\n`
  })
  const total = files.reduce((sum, file) => sum + Math.max(file.messages.length, 1), 0)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="msk-course" tests="${total}" failures="${failures.length}">\n${suites.join('')}</testsuites>\n`
}
