import {readdirSync, rmSync, statSync} from 'node:fs'
import {join} from 'node:path'

/** Removes the oldest files of a folder, by their time of change, until so many are left. Files that vanish meanwhile are gone. */
export function pruneFolder(folder: string, most: number): void {
  const names = readdirSync(folder)
  if (names.length <= most) return
  const files = names.flatMap((name) => {
    const path = join(folder, name)
    const stat = statSync(path, {throwIfNoEntry: false})
    return stat?.isFile() === true ? [{path, mtimeMs: stat.mtimeMs}] : []
  })
  files.sort((one, other) => other.mtimeMs - one.mtimeMs)
  for (const {path} of files.slice(most)) rmSync(path, {force: true})
}
