import type {VFile} from 'vfile'
import {report} from '../model/report.ts'

/** Text of a topic list without a byte order mark; what is not UTF-8 is reported and read as far as it goes. */
export function decodeTopics(file: VFile): string {
  if (typeof file.value === 'string') return file.value.replace(/^\ufeff/, '')
  const bytes = file.value ?? new Uint8Array()
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch {
    const text = new TextDecoder('utf-8').decode(bytes)
    const before = text.slice(0, Math.max(0, text.indexOf('\ufffd'))).split('\n')
    report(file, 'not-utf8', 'Unexpected bytes that are no UTF-8, expected a text saved as UTF-8', {
      place: {line: before.length, column: (before.at(-1) ?? '').length + 1},
    })
    return text
  }
}
