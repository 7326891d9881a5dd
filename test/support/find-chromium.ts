import {accessSync, constants} from 'node:fs'
import {delimiter, join} from 'node:path'

/** The browser that `.ci/run` installs, by the search path; undefined where there is none, so that its tests are skipped. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, 'chromium')).find(isRunnable)
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not in this folder.
    return false
  }
}
