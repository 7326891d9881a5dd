import {lstat} from 'node:fs/promises'
import {completionAddress} from '../model/completion.ts'
import type {ContentAddress} from '../model/content-address.ts'
import {type CompletionEntry, parseEntryLine} from './completion-entry.ts'
import type {JournalledText} from './completion-journal.ts'
import {isAddressOf, readList} from './completion-store.ts'
import {inBatches} from './in-batches.ts'
import {findAside, putAside} from './quarantine.ts'
import {readRegular} from './read-regular.ts'
import {addressesIn} from './sent-request.ts'
import {quarantineFolder, storedListPath, storedTextPath} from './store-paths.ts'
import {namesIn, type StoredFile, walkStore} from './walk-store.ts'

/** A completion that was bought, as a request's list says. */
export interface Purchase {
  readonly request: ContentAddress
  readonly entry: CompletionEntry
}

/**
 * Something in the store that is not as it was written. `damaged-text`: its bytes are not what its address says;
 * `missing-text`: a list names it and no text of that request is left; `unnamed-text`: no list names it;
 * `damaged-message`, `missing-message` and `unnamed-message`: the same of a message that requests share, which costs no
 * completion; `damaged-line`: a line of a list is torn, changed or of another request; `unknown-file`: the store made no such name.
 */
export interface StoreProblem {
  readonly type:
    | 'damaged-text'
    | 'missing-text'
    | 'unnamed-text'
    | 'damaged-message'
    | 'missing-message'
    | 'unnamed-message'
    | 'damaged-line'
    | 'unknown-file'
  readonly path: string
  /** Line of a list, from 1. */
  readonly line?: number
  readonly because: string
  /** The completion or the request that it is about. */
  readonly address?: ContentAddress
  /** What was paid for and is affected. */
  readonly purchases: readonly Purchase[]
  /** Where the text was put aside, by this run or an earlier one. */
  readonly movedTo?: string
}

/** What a walk through the store found. */
export interface StoreState {
  readonly texts: number
  readonly lists: number
  readonly entries: number
  /** Completions that only the log of a run has: the next build puts them into the store. */
  readonly inLogs: number
  /** Texts that were put aside. */
  readonly quarantined: number
  readonly problems: readonly StoreProblem[]
}

export interface VerifyOptions {
  /** What was written since then may be of a build that runs. */
  readonly startMs: number
  readonly isRepaired: boolean
  /** Completions in the logs of runs that were cut off; default none. */
  readonly logged?: readonly JournalledText[]
}

/**
 * Checks every text against its address and every line of every list. Texts are read a few at a time. Changes nothing,
 * unless `isRepaired` asks to put damaged texts aside.
 */
export async function verifyStore(
  store: string,
  {startMs, isRepaired, logged = []}: VerifyOptions,
): Promise<StoreState> {
  const verification = new Verification(store, startMs, isRepaired)
  // Lists first: a text is written before the line that names it.
  await inBatches(walkStore(store, 'requests'), (file) => verification.checkList(file))
  for (const text of logged) verification.addLogged(text)
  await inBatches(walkStore(store, 'completions'), (file) => verification.checkText(file))
  await inBatches(walkStore(store, 'messages'), (file) => verification.checkMessage(file))
  verification.checkMissing()
  const {texts, lists, entries, inLogs, problems} = verification
  const quarantined = (await namesIn(quarantineFolder(store))).length
  return {texts, lists, entries, inLogs, quarantined, problems: problems.sort((a, b) => (a.path < b.path ? -1 : 1))}
}

class Verification {
  texts = 0
  lists = 0
  entries = 0
  inLogs = 0
  readonly problems: StoreProblem[] = []
  private readonly purchases = new Map<ContentAddress, Purchase[]>()
  private readonly sound = new Set<ContentAddress>()
  private readonly damaged = new Set<ContentAddress>()
  /** Completions that a request carries. */
  private readonly carried = new Set<ContentAddress>()
  /** Messages that requests share, each with a list that names it. */
  private readonly messages = new Map<ContentAddress, string>()
  private readonly foundMessages = new Set<ContentAddress>()

  constructor(
    private readonly store: string,
    private readonly startMs: number,
    private readonly isRepaired: boolean,
  ) {}

  async checkList({path, address, isTemporary}: StoredFile): Promise<void> {
    if (isTemporary) return
    if (address === undefined) return this.reportUnknown(path)
    const bytes = readRegular(path)
    if (bytes === 'absent') return
    this.lists++
    const {entries, unreadable} = readList(bytes, address)
    this.entries += entries.length
    for (const {number, because} of unreadable)
      this.problems.push({type: 'damaged-line', path, line: number, because, address, purchases: []})
    for (const entry of entries) this.addEntry(address, entry, path)
  }

  private addEntry(request: ContentAddress, entry: CompletionEntry, path: string): void {
    const known = this.purchases.get(entry.completion)
    if (known === undefined) this.purchases.set(entry.completion, [{request, entry}])
    else known.push({request, entry})
    const {messages, completions} = addressesIn(entry.sent)
    for (const message of messages) this.messages.set(message, path)
    for (const completion of completions) this.carried.add(completion)
  }

  /** Takes a completion that a log has for one of the store, which it becomes with the next build. */
  addLogged({request, text, line, messages}: JournalledText): void {
    const parsed = parseEntryLine(line.trimEnd(), request)
    const address = completionAddress(text)
    if (parsed?.type !== 'entry' || parsed.entry.completion !== address) return
    const {entry} = parsed
    const isListed = (this.purchases.get(address) ?? []).some(
      (known) => known.request === request && known.entry.generated === entry.generated,
    )
    if (!isListed) {
      this.inLogs++
      this.addEntry(request, entry, storedListPath(this.store, request))
    }
    this.sound.add(address)
    for (const message of messages)
      if (completionAddress(message.text) === message.address) this.foundMessages.add(message.address)
  }

  async checkText({path, address, isTemporary}: StoredFile): Promise<void> {
    if (isTemporary) return
    if (address === undefined) return this.reportUnknown(path)
    const bytes = readRegular(path)
    if (bytes === 'absent') return
    this.texts++
    const purchases = this.purchases.get(address) ?? []
    if (bytes !== 'other' && isAddressOf(address, bytes)) {
      this.sound.add(address)
      // A build that runs meanwhile may have written it after its list was read.
      if (purchases.length === 0 && !this.carried.has(address) && (await lstat(path)).mtimeMs < this.startMs)
        this.problems.push({type: 'unnamed-text', path, because: 'no list names it', address, purchases})
      return
    }
    this.damaged.add(address)
    const because = bytes === 'other' ? 'it is no file' : 'its content is not what its address says'
    const movedTo = this.isRepaired ? await putAside(this.store, path) : undefined
    this.problems.push({
      type: 'damaged-text',
      path,
      because,
      address,
      purchases,
      ...(movedTo === undefined ? {} : {movedTo}),
    })
  }

  async checkMessage({path, address, isTemporary}: StoredFile): Promise<void> {
    if (isTemporary) return
    if (address === undefined) return this.reportUnknown(path)
    const bytes = readRegular(path)
    if (bytes === 'absent') return
    this.foundMessages.add(address)
    const isSound = bytes !== 'other' && isAddressOf(address, bytes)
    const isNamed = this.messages.has(address)
    if (isSound && (isNamed || (await lstat(path)).mtimeMs >= this.startMs)) return
    const type = isSound ? 'unnamed-message' : 'damaged-message'
    const because = isSound ? 'no list names it' : 'its content is not what its address says'
    const movedTo = isSound || !this.isRepaired ? undefined : await putAside(this.store, path)
    this.problems.push({type, path, because, address, purchases: [], ...(movedTo === undefined ? {} : {movedTo})})
  }

  /** Reports what was bought and is gone; a request of which a sound text is left lacks nothing. */
  checkMissing(): void {
    for (const [address, path] of this.messages) {
      if (this.foundMessages.has(address)) continue
      const because = `the message ${address.slice(0, 16)}… of its request is gone`
      this.problems.push({type: 'missing-message', path, because, address, purchases: []})
    }
    const served = new Set<ContentAddress>()
    for (const address of this.sound) for (const {request} of this.purchases.get(address) ?? []) served.add(request)
    for (const [address, all] of this.purchases) {
      if (this.sound.has(address) || this.damaged.has(address)) continue
      const purchases = all.filter(({request}) => !served.has(request))
      if (purchases.length === 0) continue
      const movedTo = findAside(this.store, address)
      this.problems.push({
        type: 'missing-text',
        path: storedTextPath(this.store, address),
        because: movedTo === undefined ? 'it is gone' : 'it was damaged',
        address,
        purchases,
        ...(movedTo === undefined ? {} : {movedTo}),
      })
    }
  }

  private reportUnknown(path: string): void {
    this.problems.push({type: 'unknown-file', path, because: 'the store makes no such name', purchases: []})
  }
}
