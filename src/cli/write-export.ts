import {existsSync, readdirSync, statSync} from 'node:fs'
import {readFile, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {writeWhole} from '../store/write-whole.ts'
import {UsageError} from './exit-codes.ts'
import type {ExportedFile} from './export-formats.ts'
import {displayPath} from './project.ts'

/** Names the files of an export in its folder, so that the next one knows which are its own. */
const listName = '.export.json'

/**
 * Writes an export. A folder must be empty or hold an earlier export, whose files that are no longer made are removed;
 * whatever else is in it stays.
 */
export async function writeExport(
  output: string,
  files: readonly ExportedFile[],
  {isFolder, cwd}: {readonly isFolder: boolean; readonly cwd: string},
): Promise<void> {
  const shown = displayPath(output, cwd)
  try {
    await writeFiles(output, files, isFolder, shown)
  } catch (error) {
    const {code, syscall} = error as NodeJS.ErrnoException
    if (code === undefined || syscall === undefined) throw error
    throw new UsageError('bad-flag', `Cannot write \`${shown}\` (${code}); --output names another place`)
  }
}

async function writeFiles(
  output: string,
  files: readonly ExportedFile[],
  isFolder: boolean,
  shown: string,
): Promise<void> {
  const present = statSync(output, {throwIfNoEntry: false})
  if (present !== undefined && present.isDirectory() !== isFolder) {
    throw new UsageError('bad-flag', `Unexpected output \`${shown}\`, expected a ${isFolder ? 'folder' : 'file'}`)
  }
  if (!isFolder) {
    for (const {content} of files) await writeWhole(output, content)
    return
  }
  const before = present === undefined ? [] : await earlierFiles(output, shown)
  const paths = files.map(({path}) => path).sort()
  const kept = new Set(paths)
  for (const {path, content} of files) await writeWhole(join(output, path), content)
  await writeWhole(join(output, listName), `${JSON.stringify({version: 1, files: paths}, null, 2)}\n`)
  for (const path of before) if (!kept.has(path)) await rm(join(output, path), {force: true})
}

/** The files that an earlier export wrote; a folder that holds others and none of an export is refused. */
async function earlierFiles(output: string, shown: string): Promise<string[]> {
  const list = join(output, listName)
  if (!existsSync(list)) {
    if (readdirSync(output).length === 0) return []
    throw new UsageError(
      'not-empty',
      `Unexpected folder \`${shown}\` with files, expected an empty one or one of an earlier export`,
    )
  }
  const files = listedFiles(await readFile(list, 'utf8'))
  if (files === undefined) {
    throw new UsageError(
      'not-empty',
      `Cannot read \`${listName}\` of the folder \`${shown}\`, expected the list of an earlier export; remove the folder or name another`,
    )
  }
  const isSafe = (path: unknown): path is string =>
    typeof path === 'string' && !/^(?:[/\\]|[a-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)/i.test(path)
  return files.filter(isSafe)
}

function listedFiles(list: string): unknown[] | undefined {
  try {
    const {files} = JSON.parse(list) as {files?: unknown}
    return Array.isArray(files) ? files : []
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
