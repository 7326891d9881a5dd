import {isAbsolute, resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import {contentAddress} from '../model/content-address.ts'
import {bySeverity, type MessageRow, type PlacedRow} from './message-row.ts'
import {programVersion} from './program-version.ts'

/** Results of one run that GitHub takes; of more it takes none. */
const mostResults = 25_000

/** Messages as a SARIF 2.1.0 log, the gravest first; paths start from `cwd`. */
export function sarifLog(rows: readonly PlacedRow[], cwd: string): unknown {
  const shown = bySeverity(rows).slice(0, mostResults)
  const ruleIds = [...new Set(shown.map(({ruleId}) => ruleId))].sort()
  const places = new Map(ruleIds.map((id, at) => [id, at]))
  const urls = new Map(shown.map(({ruleId, url}) => [ruleId, url]))
  const print = fingerprints()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'msk-course',
            semanticVersion: programVersion,
            rules: ruleIds.map((id) => {
              const url = urls.get(id) ?? null
              const text = id.replaceAll('-', ' ')
              return {
                id,
                shortDescription: {text},
                fullDescription: {text},
                ...(url === null ? {} : {help: {text: url}}),
              }
            }),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: shown.map((row) => ({
          ruleId: row.ruleId,
          ruleIndex: places.get(row.ruleId),
          level: row.severity === 'info' ? 'note' : row.severity,
          message: {text: row.reason},
          locations: [location(row.file, cwd, row.line === null ? undefined : region(row))],
          ...(row.related === undefined ? {} : {relatedLocations: [relatedLocation(row.related, cwd)]}),
          partialFingerprints: {primaryLocationLineHash: print(row)},
        })),
      },
    ],
  }
}

/**
 * Fingerprints by which a finding is known again when lines above it come and go: of rule, file and words, and a number
 * where there are several alike.
 */
function fingerprints(): (row: MessageRow) => string {
  const counts = new Map<string, number>()
  return ({ruleId, file, reason}) => {
    const print = contentAddress(['finding', ruleId, file, reason.toWellFormed()]).slice(0, 16)
    const count = (counts.get(print) ?? 0) + 1
    counts.set(print, count)
    return `${print}:${count}`
  }
}

function location(file: string, cwd: string, inFile?: Record<string, number>): Record<string, unknown> {
  return {
    physicalLocation: {
      artifactLocation: {uri: sarifUri(file, cwd)},
      ...(inFile === undefined ? {} : {region: inFile}),
    },
  }
}

function relatedLocation({file, line, note}: NonNullable<PlacedRow['related']>, cwd: string): Record<string, unknown> {
  return {id: 1, ...location(file, cwd, {startLine: line}), message: {text: note}}
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
