import {createHash} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import {dirname} from 'node:path'
import {type Completion, completionAddress} from '../model/completion.ts'
import type {ContentAddress} from '../model/content-address.ts'
import {type Request, requestAddress} from '../model/request.ts'
import {type CompletionEntry, formatEntryLine, parseEntryLine} from './completion-entry.ts'
import type {CompletionJournal, JournalledText} from './completion-journal.ts'
import {whenFree} from './descriptors.ts'
import {type FileWriter, type KeptText, ownThread} from './file-writer.ts'
import {Filing} from './filing.ts'
import {findAside, putAside} from './quarantine.ts'
import {readRegular} from './read-regular.ts'
import {packRequest, type StoredText, unpackRequest} from './sent-request.ts'
import {storedListPath, storedMessagePath, storedTextPath} from './store-paths.ts'

/** A stored text that is not what its address says; it was put aside. */
export interface CorruptEntry {
  readonly address: ContentAddress
  readonly movedTo: string
}

/** A completion that was paid for and whose text the store has no more. */
export interface LostEntry extends CompletionEntry {
  /** Where the damaged text was put aside; absent when there is none. */
  readonly movedTo?: string
}

/**
 * What the store has for a request. `followUps` were asked to mend the one that was found, oldest first. `lost`: it was
 * bought before, and no text of it can be trusted; `entries` are what is known of them, oldest first, and none are known
 * where the list itself cannot be read.
 */
export type StoredCompletion =
  | {readonly type: 'found'; readonly completion: Completion; readonly followUps?: readonly Completion[]}
  | {readonly type: 'none'}
  | {readonly type: 'lost'; readonly entries: readonly LostEntry[]; readonly listPath: string}

/** A line that says nothing; one that is `isTorn` was cut off while it was written, before its completion counted as kept. */
export interface UnreadableLine {
  readonly number: number
  readonly because: string
  readonly isTorn: boolean
}

/** A request's list: what its lines say, oldest first. */
export interface RequestList {
  readonly entries: readonly CompletionEntry[]
  /** Lines that are torn, changed or of another request; `number` counts the file's lines from 1. */
  readonly unreadable: readonly UnreadableLine[]
}

/**
 * Paid completions: the raw texts by the address of their content (`completions/AB/ADDRESS.md`), and per request the
 * list of them, oldest first (`requests/AB/ADDRESS.jsonl`), with the request itself; messages that many requests share
 * stand in `messages/AB/ADDRESS.txt`. Nothing is ever changed or removed here; only `store gc` removes.
 */
export class CompletionStore {
  readonly corrupt: CorruptEntry[] = []
  /** Messages that are on disk, or on their way there. */
  private readonly messages = new Map<ContentAddress, Promise<void>>()
  /** Messages that are on disk. */
  private readonly writtenMessages = new Set<ContentAddress>()
  private readonly filing: Filing

  /** With a `journal`, completions are on disk in that before their own files are written. */
  constructor(
    readonly root: string,
    private readonly files: FileWriter = ownThread,
    private readonly journal?: CompletionJournal,
  ) {
    this.filing = new Filing((text) => this.write(text))
  }

  /** Why a completion could not be put into files of its own; the journal has it. */
  get filingFault(): unknown {
    return this.filing.fault
  }

  /**
   * Keeps a completion, flushed to disk before it returns: in the journal, from which it goes into its own files, or
   * where there is none, in these; its text first, then the line that points to it, with the request that brought it
   * where that is given: `texts` are stored completions that may stand in it. What `makeRoom` resolves for is tried once
   * more; it may be called after `put` returned.
   */
  async put(
    completion: Completion,
    brought?: {readonly request: Request; readonly texts: readonly StoredText[]},
    makeRoom: (error: unknown) => Promise<void> = rethrow,
  ): Promise<void> {
    const {request, text, ...rest} = completion
    const packed = brought === undefined ? undefined : packRequest(brought.request, brought.texts)
    const entry = {completion: completionAddress(text), ...rest, ...(packed === undefined ? {} : {sent: packed.sent})}
    const messages = (packed?.shared ?? []).filter(({address}) => !this.writtenMessages.has(address))
    const kept = {request, text, line: formatEntryLine(request, entry), messages}
    const {journal} = this
    if (journal !== undefined) {
      try {
        const number = await journal.keep(kept)
        await this.filing.add(kept, entry.completion, {makeRoom, done: () => journal.filed(number)})
        return
      } catch (error) {
        await makeRoom(error)
      }
    }
    try {
      await this.write(kept)
    } catch (error) {
      await makeRoom(error)
      await this.write(kept)
    }
  }

  /** Puts a text of a journal into files of its own; false where they have it, or where it is not what it says. */
  async restore(text: JournalledText): Promise<boolean> {
    const parsed = parseEntryLine(text.line.trimEnd(), text.request)
    const address = completionAddress(text.text)
    if (parsed?.type !== 'entry' || parsed.entry.completion !== address) return false
    const {entries} = await this.list(text.request)
    const isListed = entries.some(
      ({completion, generated}) => completion === address && generated === parsed.entry.generated,
    )
    if (isListed && (await this.readText(address)) !== undefined) return false
    const messages = text.messages.filter((message) => message.address === completionAddress(message.text))
    await this.write({...text, messages})
    return true
  }

  /** Resolves when nothing that was put is on its way any more. Gives how many completions only the journal has. */
  settle(): Promise<number> {
    return this.filing.settle()
  }

  private async write({request, text, line, messages}: JournalledText): Promise<void> {
    const address = completionAddress(text)
    const path = storedTextPath(this.root, address)
    const isKept = (await this.readFile(address)) !== undefined
    for (const message of messages) await this.putMessage(message)
    await this.keep({
      path,
      ...(isKept ? {} : {data: text}),
      folder: dirname(path),
      listPath: storedListPath(this.root, request),
      line,
    })
  }

  /** Keeps a message that requests share, once; those that wait for the same one share the work. */
  private putMessage({address, text}: StoredText): Promise<void> {
    const known = this.messages.get(address)
    if (known !== undefined) return known
    const path = storedMessagePath(this.root, address)
    const bytes = readRegular(path)
    const isKept = Buffer.isBuffer(bytes) && isAddressOf(address, bytes)
    const kept = isKept ? Promise.resolve() : this.files.write(path, text)
    this.messages.set(address, kept)
    kept.then(
      () => this.writtenMessages.add(address),
      // What failed is tried again with the next completion.
      () => this.messages.delete(address),
    )
    return kept
  }

  /** A request whose completions are kept, as it was sent; undefined where its lines do not say, or no longer. */
  async readRequest(address: ContentAddress): Promise<Request | undefined> {
    const {entries} = await this.list(address)
    for (const {sent, mends} of entries.toReversed()) {
      if (sent === undefined || mends !== undefined) continue
      const request = await unpackRequest(sent, (part, its) => this.peek(part, its))
      if (request !== undefined && requestAddress(request) === address) return request
    }
    return undefined
  }

  /** The completion kept last for a request; undefined when there is none whose text can be trusted. */
  async find(request: ContentAddress): Promise<Completion | undefined> {
    const stored = await this.lookUp(request)
    return stored.type === 'found' ? stored.completion : undefined
  }

  /** What the store has for a request; tells a text that was lost from one that was never bought. */
  async lookUp(request: ContentAddress): Promise<StoredCompletion> {
    const {entries, unreadable} = await this.list(request)
    const read = async (own: readonly CompletionEntry[]): Promise<Completion[]> =>
      (await Promise.all(own.map((entry) => this.readEntry(request, entry)))).filter((one) => one !== undefined)
    for (const entry of entries.filter(({mends}) => mends === undefined).toReversed()) {
      const completion = await this.readEntry(request, entry)
      if (completion === undefined) continue
      return found([completion, ...(await read(entries.filter(({mends}) => mends === entry.completion)))])
    }
    // What mends another stands for itself where that one is gone: all of it, since the last need not be the best.
    const mending = await read(entries.filter(({mends}) => mends !== undefined))
    if (mending.length > 0) return found(mending)
    if (entries.length === 0 && unreadable.every(({isTorn}) => isTorn)) return {type: 'none'}
    const lost = entries.map((entry): LostEntry => {
      const movedTo = findAside(this.root, entry.completion)
      return {...entry, ...(movedTo === undefined ? {} : {movedTo})}
    })
    return {type: 'lost', entries: lost, listPath: storedListPath(this.root, request)}
  }

  private async readEntry(
    request: ContentAddress,
    {completion, sent: _, ...rest}: CompletionEntry,
  ): Promise<Completion | undefined> {
    const text = await this.readText(completion)
    return text === undefined ? undefined : {request, text, ...rest}
  }

  /** What is known of a request's completions. */
  async list(request: ContentAddress): Promise<RequestList> {
    await this.filing.of(request)
    const bytes = await whenFree(() => readRegular(storedListPath(this.root, request)))
    return bytes === 'absent' ? {entries: [], unreadable: []} : readList(bytes, request)
  }

  /** A raw text by its address; one that does not match its address is put aside, never served and never removed. */
  async readText(address: ContentAddress): Promise<string | undefined> {
    return this.filing.text(address) ?? this.readFile(address)
  }

  private async readFile(address: ContentAddress): Promise<string | undefined> {
    const bytes = await whenFree(() => readRegular(storedTextPath(this.root, address)))
    if (bytes === 'absent') return undefined
    if (bytes !== 'other' && isAddressOf(address, bytes)) return bytes.toString('utf8')
    const movedTo = await putAside(this.root, storedTextPath(this.root, address))
    if (movedTo !== undefined) this.corrupt.push({address, movedTo})
    return undefined
  }

  /** A raw text by its address; undefined also for one that does not match its address, which stays where it is. */
  peekText(address: ContentAddress): Promise<string | undefined> {
    return this.peek('completions', address)
  }

  private async peek(part: 'messages' | 'completions', address: ContentAddress): Promise<string | undefined> {
    const path = part === 'messages' ? storedMessagePath(this.root, address) : storedTextPath(this.root, address)
    const bytes = readRegular(path)
    return Buffer.isBuffer(bytes) && isAddressOf(address, bytes) ? bytes.toString('utf8') : undefined
  }

  private async keep(kept: KeptText): Promise<void> {
    try {
      await this.files.keep(kept)
    } catch (error) {
      if (!isNoFile.has((error as NodeJS.ErrnoException).code ?? '')) throw error
      // Something else stands where the list belongs, and the completion was paid for.
      await putAside(this.root, kept.listPath)
      await this.files.keep(kept)
    }
  }
}

async function rethrow(error: unknown): Promise<never> {
  throw error
}

function found([completion, ...followUps]: readonly Completion[]): StoredCompletion {
  return {type: 'found', completion: completion as Completion, ...(followUps.length === 0 ? {} : {followUps})}
}

/** What opening a symbolic link, a folder or a pipe for a line gives. */
const isNoFile = new Set(['ELOOP', 'EISDIR', 'ENXIO', 'EMLINK'])

/** Reads the content of a request's list; `other` stands for what is no file. */
export function readList(bytes: Buffer | 'other', request: ContentAddress): RequestList {
  if (bytes === 'other') return {entries: [], unreadable: [{number: 1, because: 'the list is no file', isTorn: false}]}
  const lines = bytes.toString('utf8').split('\n')
  const entries: CompletionEntry[] = []
  const unreadable: UnreadableLine[] = []
  lines.forEach((line, at) => {
    const parsed = parseEntryLine(line, request)
    if (parsed?.type === 'entry') entries.push(parsed.entry)
    // Behind a whole line stand its own line end and the one that the next line begins with.
    else if (parsed !== undefined)
      unreadable.push({number: at + 1, because: parsed.because, isTorn: lines[at + 1] !== ''})
  })
  return {entries, unreadable}
}

/** Whether a text's bytes are what its address says. */
export function isAddressOf(address: ContentAddress, bytes: Buffer): boolean {
  return createHash('sha256').update(bytes).digest('hex') === address
}

/** Text of a file; undefined when it is not there. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await whenFree(() => readFile(path, 'utf8'))
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code !== 'EISDIR') throw error
    throw Object.assign(new Error(`Unexpected folder \`${path}\`, expected a file`), {code})
  }
}
