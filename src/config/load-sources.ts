import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'

/** A note of `sources/`. */
export interface SourceNote {
  /** Path below `sources/`, with `/`. */
  readonly name: string
  readonly text: string
}

const maxNoteBytes = 10 * 1024 * 1024

/**
 * The Markdown and text notes below `sources/`, in the order of their names; links are passed over. `leaveOut` hears of
 * notes that are no text or too large, which are left out.
 */
export async function loadSources(
  projectRoot: string,
  leaveOut: (name: string, found: string, expected: string) => void = () => {},
): Promise<SourceNote[]> {
  const root = join(projectRoot, 'sources')
  const notes: SourceNote[] = []
  for (const name of await noteNames(root)) {
    const bytes = await readFile(join(root, name))
    if (bytes.length > maxNoteBytes) leaveOut(name, `size of ${bytes.length} bytes`, `at most ${maxNoteBytes}`)
    else if (bytes.includes(0)) leaveOut(name, 'bytes that are no text', 'Markdown or plain text in UTF-8')
    else notes.push({name, text: bytes.toString('utf8').replace(/^\ufeff/, '')})
  }
  return notes
}

async function noteNames(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, {recursive: true, withFileTypes: true})
    return entries
      .filter((entry) => entry.isFile() && /\.(?:md|markdown|txt)$/i.test(entry.name) && entry.name !== 'README.md')
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(root.length + 1)
          .replaceAll('\\', '/'),
      )
      .sort()
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}
