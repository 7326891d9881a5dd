import type {BookMetadata} from '../model/outline.ts'
import {UsageError} from './exit-codes.ts'

/** The moment that exports say a book was changed at where nothing else is known. */
export const unknownDate = '2000-01-01T00:00:00Z'

/**
 * When a book was last changed, for formats that have to say it, as `2026-01-31T00:00:00Z`: by `SOURCE_DATE_EPOCH`, in
 * seconds, else by the date of the course, else a fixed moment, so that the same book gives the same bytes.
 */
export function exportDate({date}: Pick<BookMetadata, 'date'>, epoch: string | undefined): string {
  if (epoch !== undefined && epoch !== '') {
    const seconds = /^\d{1,11}$/.test(epoch) ? Number(epoch) : Number.NaN
    if (!(seconds <= 253402300799)) {
      const reason = `Unexpected SOURCE_DATE_EPOCH \`${epoch.slice(0, 40)}\`, expected seconds since 1970`
      throw new UsageError('bad-environment', reason)
    }
    return toSeconds(new Date(seconds * 1000))
  }
  const [, year, month = '01', day = '01'] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(date?.trim() ?? '') ?? []
  const parsed = new Date(`${year}-${month}-${day}T00:00:00Z`)
  return Number.isNaN(parsed.getTime()) ? unknownDate : toSeconds(parsed)
}

function toSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}
