import {lstat} from 'node:fs/promises'
import {join} from 'node:path'
import type {ContentAddress} from '../model/content-address.ts'
import {findUses} from './book-uses.ts'
import {type CompletionEntry, parseEntryLine} from './completion-entry.ts'
import {inBatches} from './in-batches.ts'
import {readRegular} from './read-regular.ts'
import {quarantineFolder} from './store-paths.ts'
import {namesIn, walkStore} from './walk-store.ts'

/** A file that may be removed. */
export interface GarbageFile {
  readonly path: string
  readonly sizeBytes: number
}

/** A list of which lines may be removed. */
export interface GarbageLines {
  readonly path: string
  readonly lines: ReadonlyMap<string, CompletionEntry>
}

/** What nothing uses any more. */
export interface Garbage {
  readonly lists: readonly GarbageLines[]
  readonly texts: readonly GarbageFile[]
  /** Messages of requests that no line names. */
  readonly messages: readonly GarbageFile[]
  /** Left over from writes that a kill cut short. */
  readonly temporaries: readonly GarbageFile[]
  /** Texts that were put aside; none unless they are asked for. */
  readonly quarantined: readonly GarbageFile[]
}

/** What may be removed, and what counts as used. */
export interface GarbageOptions {
  /** Folders of all books that are built with this store. */
  readonly folders: readonly string[]
  /** What came after this moment stays. */
  readonly limitMs: number
  readonly hasQuarantine: boolean
}

interface ReadList {
  readonly path: string
  readonly request: ContentAddress
  readonly lines: readonly {readonly source: string; readonly entry: CompletionEntry | undefined}[]
}

/**
 * Finds what no file of any book names and what came before the limit. Kept beside what is used: the newest text of a
 * request that a book names and the newest line that says what that request was, every line of a list that cannot be read
 * whole, and each text and message that a kept line names.
 */
export async function planGarbage(store: string, options: GarbageOptions): Promise<Garbage> {
  const {folders, limitMs, hasQuarantine} = options
  const temporaries: GarbageFile[] = []
  const lists = await readLists(store, limitMs, temporaries)
  const texts = await statTexts(store, 'completions', limitMs, temporaries)
  const messages = await statTexts(store, 'messages', limitMs, temporaries)
  const used = new Set<string>()
  const wanted = new Set<string>([...texts.keys(), ...lists.map(({request}) => request)])
  for (const {lines} of lists) for (const {entry} of lines) if (entry !== undefined) wanted.add(entry.completion)
  for await (const {addresses} of findUses(folders, wanted)) for (const address of addresses) used.add(address)
  // A text that was asked for again was brought by a request of its own.
  for (const {request, lines} of lists)
    for (const {entry} of lines)
      if (entry?.asked !== undefined && (used.has(request) || used.has(entry.completion))) used.add(entry.asked)
  const named = new Set<string>()
  const dropped = new Set<string>()
  const garbage = lists.flatMap((list): GarbageLines[] => {
    const lines = new Map<string, CompletionEntry>()
    for (const {source, entry} of list.lines) {
      if (entry !== undefined && isUnused(entry, list, used, texts, limitMs)) lines.set(source, entry)
      else for (const [address] of source.matchAll(/[0-9a-f]{64}/g)) named.add(address)
    }
    for (const {completion} of lines.values()) dropped.add(completion)
    return lines.size === 0 ? [] : [{path: list.path, lines}]
  })
  return {
    lists: garbage,
    texts: [...texts]
      .filter(([address, {isOld}]) => !used.has(address) && !named.has(address) && (isOld || dropped.has(address)))
      .map(([, {path, sizeBytes}]) => ({path, sizeBytes})),
    messages: [...messages]
      .filter(([address, {isOld}]) => !named.has(address) && isOld)
      .map(([, {path, sizeBytes}]) => ({path, sizeBytes})),
    temporaries,
    quarantined: hasQuarantine ? await oldQuarantined(store, limitMs) : [],
  }
}

function isUnused(
  entry: CompletionEntry,
  {request, lines}: ReadList,
  used: ReadonlySet<string>,
  texts: ReadonlyMap<string, unknown>,
  limitMs: number,
): boolean {
  // A time that cannot be read is no proof of age.
  const isOld = Date.parse(entry.generated) <= limitMs
  if (!isOld || used.has(entry.completion) || lines.some((line) => line.entry === undefined)) return false
  if (!used.has(request)) return true
  // What mends another does not say what the planned request was.
  const asked = lines.findLast((line) => line.entry?.sent !== undefined && line.entry.mends === undefined)
  if (asked?.entry === entry) return false
  const newest = lines.findLast((line) => line.entry !== undefined && texts.has(line.entry.completion)) ?? lines.at(-1)
  return newest?.entry !== entry
}

async function readLists(store: string, limitMs: number, temporaries: GarbageFile[]): Promise<ReadList[]> {
  const lists: ReadList[] = []
  await inBatches(walkStore(store, 'requests'), async ({path, address: request, isTemporary}) => {
    if (isTemporary) temporaries.push(...(await oldFile(path, limitMs)))
    const bytes = request === undefined ? 'other' : readRegular(path)
    if (request === undefined || !Buffer.isBuffer(bytes)) return
    const lines = bytes
      .toString('utf8')
      .split('\n')
      .flatMap((source) => {
        const line = parseEntryLine(source, request)
        return line === undefined ? [] : [{source, entry: line.type === 'entry' ? line.entry : undefined}]
      })
    lists.push({path, request, lines})
  })
  return lists
}

async function statTexts(
  store: string,
  part: 'completions' | 'messages',
  limitMs: number,
  temporaries: GarbageFile[],
): Promise<Map<string, GarbageFile & {readonly isOld: boolean}>> {
  const texts = new Map<string, GarbageFile & {readonly isOld: boolean}>()
  await inBatches(walkStore(store, part), async ({path, address, isTemporary}) => {
    if (isTemporary) temporaries.push(...(await oldFile(path, limitMs)))
    if (address === undefined) return
    const stats = await lstat(path)
    if (stats.isFile()) texts.set(address, {path, sizeBytes: stats.size, isOld: stats.mtimeMs <= limitMs})
  })
  return texts
}

/** Texts that were put aside before the limit; moving a file changes its `ctime` and keeps its `mtime`. */
async function oldQuarantined(store: string, limitMs: number): Promise<GarbageFile[]> {
  const files: GarbageFile[] = []
  for (const name of await namesIn(quarantineFolder(store))) {
    const path = join(quarantineFolder(store), name)
    const stats = await lstat(path)
    if (stats.ctimeMs <= limitMs) files.push({path, sizeBytes: stats.isFile() ? stats.size : 0})
  }
  return files
}

async function oldFile(path: string, limitMs: number): Promise<GarbageFile[]> {
  const {mtimeMs, size} = await lstat(path)
  return mtimeMs <= limitMs ? [{path, sizeBytes: size}] : []
}
