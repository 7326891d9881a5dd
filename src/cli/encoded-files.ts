import {existsSync} from 'node:fs'
import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {VFile} from 'vfile'
import {report} from '../model/report.ts'
import {writeWhole} from '../store/write-whole.ts'
import {findWrongEncoding, type WrongEncoding} from '../syntax/wrong-encoding.ts'
import {type BookTarget, displayPath} from './project.ts'

/** A file of a project that does not read as it was meant. */
export interface WronglyEncoded {
  readonly path: string
  readonly bytes: Uint8Array
  readonly fault: WrongEncoding
}

const largestFile = 64 * 1024 * 1024

/** Outlines, notes, topic lists and section files of a project that were saved in a wrong encoding. */
export async function findWronglyEncoded(root: string, targets: readonly BookTarget[]): Promise<WronglyEncoded[]> {
  // A companion's outline is the program's own, and there is none before its first build.
  const authored = targets.filter(({companion}) => companion === undefined)
  const paths = new Set(authored.map(({outlinePath}) => outlinePath))
  const folders = [join(root, 'sources'), join(root, 'topics')]
  for (const {outputFolder} of targets) folders.push(join(outputFolder, 'sections'))
  for (const folder of folders) for (const path of await textsBelow(folder)) paths.add(path)
  const found: WronglyEncoded[] = []
  for (const path of paths) {
    // The outline of a companion is there once it was built.
    if (!existsSync(path)) continue
    const bytes = await readFile(path)
    const fault = bytes.length > largestFile ? undefined : findWrongEncoding(bytes)
    if (fault !== undefined) found.push({path, bytes, fault})
  }
  return found
}

/** Reports each file at its first damaged place; `known` has the files that get messages already, by the path shown. */
export function reportEncoding(
  found: readonly WronglyEncoded[],
  known: readonly VFile[],
  cwd: string,
): readonly VFile[] {
  return found.map(({path, bytes, fault}) => {
    const shown = displayPath(path, cwd)
    const file = known.find((own) => own.path === shown) ?? new VFile({path: shown, value: bytes})
    const {how, first, count} = fault
    const before = new TextDecoder('utf-8').decode(bytes).slice(0, first.offset).split('\n')
    const place = {line: before.length, column: (before.at(-1)?.length ?? 0) + 1}
    const others = count > 1 ? ` and ${count - 1} more ${count === 2 ? 'place' : 'places'}` : ''
    const reason = `Unexpected \`${first.was}\`${others} in text that ${how}, expected \`${first.reads}\`; \`check --fix-encoding\` mends it`
    report(file, 'wrong-encoding', reason, {place, actual: first.was, expected: [first.reads]})
    return file
  })
}

/** Rewrites files as UTF-8 that reads as it was meant; one that changed since is left. Gives what was done, in words. */
export async function fixEncoding(found: readonly WronglyEncoded[], cwd: string): Promise<readonly string[]> {
  const said: string[] = []
  for (const {path, bytes, fault} of found) {
    const shown = displayPath(path, cwd)
    if (!(await readFile(path)).equals(bytes)) {
      said.push(`${shown} was changed just now and is left as it is`)
      continue
    }
    await writeWhole(path, fault.text)
    const {how, first, count} = fault
    said.push(
      `rewrote ${shown}, text that ${how}: ${count} ${count === 1 ? 'place' : 'places'}, the first \`${first.was}\` to \`${first.reads}\``,
    )
  }
  return said
}

/** Markdown and text files below a folder; links are passed over. */
async function textsBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, {recursive: true, withFileTypes: true})
    return entries
      .filter((entry) => entry.isFile() && /\.(?:md|markdown|txt)$/i.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}
