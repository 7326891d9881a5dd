import {existsSync, statSync} from 'node:fs'
import {readdir} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import type {PriceSettings} from '../model/price-of.ts'
import {storeFolder} from '../store/store-paths.ts'
import {notedFolders, notePath} from './book-guard.ts'
import {UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {displayPath, findBooks, openProject} from './project.ts'

/** A store and the books that are built with it. */
export interface StoreHome {
  /** Folder of the project, or of the book without a config. */
  readonly root: string
  readonly store: string
  /** Prices of the config. */
  readonly prices: PriceSettings | undefined
  /** Folders in which files may name what is stored; each exists. */
  readonly folders: readonly string[]
  /** Folders that a build locks. */
  readonly bookFolders: readonly string[]
  /** Folders of books that are gone, below the project's folder. */
  readonly gone: readonly string[]
  /** Notes of books of which it is not known where they are, or that are not there now. */
  readonly unknown: readonly string[]
}

/** Finds the stores that a command is about, as `build` would with the same arguments. */
export async function findStores(
  outlines: readonly string[],
  out: readonly string[],
  options: GlobalOptions,
): Promise<StoreHome[]> {
  const first = outlines[0] === undefined ? undefined : resolve(options.cwd, outlines[0])
  const project = await openProject(options, first)
  const given = out.map((folder) => existingFolder(folder, options))
  if (outlines.length > 0) await findBooks(outlines, project, options)
  if (project.root !== undefined) return [await openHome(project.root, given, project.config?.prices)]
  if (given.length > 0) return Promise.all(given.map((folder) => openHome(folder, [folder])))
  const roots = (await findBooks(outlines, project, options)).map(({root}) => root)
  return Promise.all([...new Set(roots)].map((root) => openHome(root, existsSync(root) ? [root] : [])))
}

async function openHome(root: string, given: readonly string[], prices?: PriceSettings): Promise<StoreHome> {
  const output = join(root, 'output')
  const noted = await notedFolders(root)
  const isHere = (folder: string): boolean => statSync(folder, {throwIfNoEntry: false})?.isDirectory() === true
  const below = isHere(output) ? await findBookFolders(output) : []
  const bookFolders = [...new Set([...given, ...below, ...noted.folders.filter(isHere)])].sort()
  const missing = noted.folders.filter((folder) => !isHere(folder))
  // What is missing below the project was removed; a folder elsewhere may be on a disk that is not there just now.
  const isBelow = (folder: string): boolean => folder.startsWith(join(root, '/'))
  const known = new Set(bookFolders.map((outputFolder) => notePath({root, outputFolder})))
  return {
    root,
    store: storeFolder(root),
    prices,
    folders: isHere(output) ? [...new Set([output, ...bookFolders])] : bookFolders,
    bookFolders,
    gone: missing.filter(isBelow),
    unknown: [
      ...noted.unknown.filter((path) => !known.has(path)),
      ...missing.filter((folder) => !isBelow(folder)).map((outputFolder) => notePath({root, outputFolder})),
    ],
  }
}

/** Folders below `output/` that hold a book, or one that is being built. */
async function findBookFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {withFileTypes: true})
  const isBook = entries.some(({name}) => ['sections', 'unused', 'manifest.json', '.lock'].includes(name))
  const found = isBook ? [folder] : []
  for (const entry of entries) {
    if (!entry.isDirectory() || ['sections', 'unused', 'images', '.msk-course'].includes(entry.name)) continue
    found.push(...(await findBookFolders(join(folder, entry.name))))
  }
  return found
}

function existingFolder(folder: string, options: GlobalOptions): string {
  const path = resolve(options.cwd, folder)
  if (statSync(path, {throwIfNoEntry: false})?.isDirectory() !== true) {
    throw new UsageError(
      'not-found',
      `Unexpected --out \`${displayPath(path, options.cwd)}\`, expected a book's folder`,
    )
  }
  return path
}
