import {existsSync} from 'node:fs'
import {lstat, mkdir, rename} from 'node:fs/promises'
import {join, parse} from 'node:path'
import type {ContentAddress} from '../model/content-address.ts'
import {quarantineFolder} from './store-paths.ts'
import {syncFolder} from './write-whole.ts'

/** Puts a file of the store aside that is not what its name says; gives where to, undefined when it is gone already. */
export async function putAside(store: string, path: string): Promise<string | undefined> {
  const folder = quarantineFolder(store)
  await mkdir(folder, {recursive: true})
  const {name, ext} = parse(path)
  let to = join(folder, `${name}${ext}`)
  for (let number = 2; await isThere(to); number++) to = join(folder, `${name}~${number}${ext}`)
  try {
    await rename(path, to)
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  await syncFolder(folder)
  return to
}

/** Where a text was put aside, by this run or an earlier one; undefined when it was not. */
export function findAside(store: string, completion: ContentAddress): string | undefined {
  const path = join(quarantineFolder(store), `${completion}.md`)
  return existsSync(path) ? path : undefined
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
