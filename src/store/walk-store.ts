import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {type ContentAddress, isContentAddress} from '../model/content-address.ts'

/** A folder of a store. */
export type StorePart = 'completions' | 'messages' | 'requests'

const endings: Readonly<Record<StorePart, string>> = {completions: '.md', messages: '.txt', requests: '.jsonl'}

/** A file below a part of a store. */
export interface StoredFile {
  readonly path: string
  /** The address in its name; undefined where the store did not make this name. */
  readonly address: ContentAddress | undefined
  /** Left over from a write that a kill cut short. */
  readonly isTemporary: boolean
}

/** Files of a part of the store, in the order of their names, folder by folder; none where there is no such part. */
export async function* walkStore(store: string, part: StorePart): AsyncGenerator<StoredFile> {
  const ending = endings[part]
  for (const folder of await namesIn(join(store, part))) {
    const names = await namesIn(join(store, part, folder))
    if (names.length === 0 && !/^[0-9a-f]{2}$/.test(folder) && !folder.startsWith('.')) {
      yield {path: join(store, part, folder), address: undefined, isTemporary: false}
    }
    for (const name of names) {
      const address = name.slice(0, -ending.length)
      const isOwn = name.endsWith(ending) && isContentAddress(address) && address.startsWith(folder)
      const isTemporary = name.startsWith('.') && name.endsWith('.tmp')
      // Files that a desktop leaves in every folder, such as `.DS_Store`, are of no concern.
      if (!isOwn && !isTemporary && name.startsWith('.')) continue
      yield {path: join(store, part, folder, name), address: isOwn ? address : undefined, isTemporary}
    }
  }
}

/** Names in a folder, in order; none where there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}
