import {statSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'

/** File name of a config. */
export const configName = 'msk-course.yaml'

/** The nearest folder with a config at or above `folder`; undefined when there is none. */
export async function findProjectRoot(folder: string): Promise<string | undefined> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (isFile(join(at, configName))) return at
    if (dirname(at) === at) return undefined
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return false
    throw error
  }
}
