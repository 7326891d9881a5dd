import type {VFile} from 'vfile'
import {escapeTerminal} from './escape-terminal.ts'
import {type MessageRow, messageRows} from './message-row.ts'

/** Messages as JUnit's XML: a suite per file, a case per message; no two cases of a file have one name. */
export function junitReport(files: readonly VFile[]): string {
  const byFile = files.map((file) => ({path: file.path, rows: messageRows([file])}))
  const suites = byFile.map(({path, rows}) => suite(path, rows))
  const total = byFile.reduce((sum, {rows}) => sum + Math.max(rows.length, 1), 0)
  const failures = byFile.reduce((sum, {rows}) => sum + rows.filter(isFailure).length, 0)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="msk-course" tests="${total}" failures="${failures}">\n${suites.join('')}</testsuites>\n`
}

function suite(path: string, rows: readonly MessageRow[]): string {
  const names = new Map<string, number>()
  const cases = rows.map((row) => {
    const plain = `${row.ruleId} ${row.line ?? 1}:${row.column ?? 1}`
    const count = (names.get(plain) ?? 0) + 1
    names.set(plain, count)
    const place = xml(`${row.file}:${row.line ?? 1}:${row.column ?? 1}`)
    const content = isFailure(row)
      ? `<failure type="${row.severity}" message="${xml(row.reason)}">${place}</failure>`
      : `<system-out>${xml(row.reason)}</system-out>`
    const name = xml(count === 1 ? plain : `${plain} (${count})`)
    return `    <testcase classname="${xml(path)}" name="${name}">${content}</testcase>\n`
  })
  const body = cases.length > 0 ? cases.join('') : `    <testcase classname="${xml(path)}" name="no messages"/>\n`
  return `  <testsuite name="${xml(path)}" tests="${Math.max(rows.length, 1)}" failures="${rows.filter(isFailure).length}">\n${body}  </testsuite>\n`
}

function isFailure({severity}: MessageRow): boolean {
  return severity !== 'info'
}

function xml(text: string): string {
  return (
    escapeTerminal(text)
      // No XML document may hold these, not even escaped.
      .replace(/[\ufffe\uffff\ud800-\udfff]/gu, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll('\n', '&#10;')
  )
}
