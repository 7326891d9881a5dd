import {type Zippable, zipSync} from 'fflate'

/** The time of every file: the earliest that the format knows, as fields of local time, which are what is written. */
const mtime = new Date(1980, 0, 1, 12)

/** Files as an archive, in the order given; the same bytes for the same files. The ones named are not compressed. */
export function zipFiles(
  files: readonly {readonly path: string; readonly content: string | Uint8Array}[],
  stored: ReadonlySet<string>,
): Uint8Array {
  const encoder = new TextEncoder()
  const entries = files.map(({path, content}): [string, Zippable[string]] => {
    const bytes = typeof content === 'string' ? encoder.encode(content) : content
    return [path, [bytes, {level: stored.has(path) ? 0 : 6, mtime}]]
  })
  return zipSync(Object.fromEntries(entries))
}
