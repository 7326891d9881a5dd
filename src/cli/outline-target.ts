import {existsSync, statSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {dirname, relative, resolve} from 'node:path'
import {normaliseLineEnds} from '../model/content-address.ts'
import {type OutlineRecord, outlineRecordPath, readOutlineRecord} from '../store/outline-record.ts'
import {UsageError} from './exit-codes.ts'
import {displayPath, readable} from './project.ts'

/** The outline that is written or updated. */
export interface OutlineTarget {
  readonly path: string
  readonly shown: string
  readonly recordPath: string
  /** Path of the topic list from the outline's folder, as the record names it. */
  readonly topics: string
  readonly record: OutlineRecord | undefined
  /** The outline as it stands, with LF line ends and without a byte order mark; undefined where there is none. */
  readonly standing: string | undefined
  /** A text for the file as the author keeps it: with its byte order mark and its line ends. */
  inAuthorsForm(text: string): string
}

/** Finds out what is there already. Throws a usage error where the outline may not be written. */
export async function openOutlineTarget(path: string, topicsPath: string, cwd: string): Promise<OutlineTarget> {
  const shown = displayPath(path, cwd)
  const stat = statSync(path, {throwIfNoEntry: false})
  if (stat !== undefined && !stat.isFile())
    throw new UsageError('not-a-file', `Cannot write \`${shown}\`, expected a file or a name for a new one`)
  if (resolve(path) === resolve(topicsPath))
    throw new UsageError('same-file', `Unexpected -o \`${shown}\`, expected another file than the topic list`)
  const recordPath = outlineRecordPath(path)
  const record = await readable(recordPath, () => readOutlineRecord(recordPath))
  const written = stat === undefined ? undefined : await readable(shown, () => readFile(path, 'utf8'))
  if (record === 'damaged' && written !== undefined)
    throw new UsageError(
      'damaged-record',
      `Cannot read \`${displayPath(recordPath, cwd)}\`, expected what \`outline\` wrote; bring it back from git, or write a new outline with another -o`,
    )
  const topics = relative(dirname(path), topicsPath).replaceAll('\\', '/')
  const known = record === 'damaged' || written === undefined ? undefined : record
  if (known !== undefined && known.topics !== topics && existsSync(resolve(dirname(path), known.topics)))
    throw new UsageError(
      'other-topics',
      `Unexpected topic list \`${displayPath(topicsPath, cwd)}\` for \`${shown}\`, expected \`${displayPath(resolve(dirname(path), known.topics), cwd)}\`, from which it was made, or another -o`,
    )
  const mark = written?.startsWith('\ufeff') === true ? '\ufeff' : ''
  const isCrlf = (written?.match(/\r\n/g)?.length ?? 0) * 2 > (written?.split('\n').length ?? 0)
  return {
    path,
    shown,
    recordPath,
    topics,
    record: known,
    standing: written === undefined ? undefined : normaliseLineEnds(written.replace(/^\ufeff/, '')),
    inAuthorsForm: (text) => mark + (isCrlf ? text.replaceAll('\n', '\r\n') : text),
  }
}

/** Path of the text that is laid beside an outline where both sides changed the same. */
export function besideOutline(path: string): string {
  return `${path.replace(/\.(?:md|markdown)$/i, '')}.new.md`
}
