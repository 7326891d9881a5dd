import type {Completion} from '../model/completion.ts'
import {type ContentAddress, textAddress} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import type {Request} from '../model/request.ts'
import type {CompletionKeeper, StoredCompletion} from '../schedule/completion-keeper.ts'
import type {CompletionStore} from '../store/completion-store.ts'
import type {RegenerateNotes} from '../store/regenerate-notes.ts'
import type {Again} from './again.ts'

/** The store as a run sees it that makes texts again: past what it has for their requests, or at one of its choices. */
export class AgainStore implements CompletionKeeper {
  private readonly requests = new Map<ContentAddress, {id: JobId; present: ContentAddress | undefined}>()

  constructor(
    private readonly paid: CompletionKeeper,
    private readonly store: CompletionStore,
    private readonly notes: RegenerateNotes,
    private readonly again: Again,
  ) {}

  get trouble(): unknown {
    return this.paid.trouble
  }

  /** Adds the request of a text that is made again; `present` is the completion that stands. */
  add(id: JobId, request: ContentAddress, present: ContentAddress | undefined): void {
    this.requests.set(request, {id, present})
  }

  async find(request: ContentAddress): Promise<StoredCompletion> {
    const again = this.requests.get(request)
    const {takes} = this.again
    if (again === undefined || takes === 'stored') return this.paid.find(request)
    if (takes !== 'new') return this.candidate(request, takes.get(again.id) ?? 0)
    const bought = await findBought(request, again.present, this.again, this.store, this.notes)
    if (bought !== undefined) return bought
    const {entries} = await this.store.list(request)
    await this.notes.write(request, {stored: entries.length, run: runOf(this.again)})
    return {type: 'none'}
  }

  put(completion: Completion, request?: Request): Promise<void> {
    return this.paid.put(completion, request)
  }

  /** Ends a run that was not cut off: the same one asks anew from now on. */
  async end(): Promise<void> {
    for (const request of this.requests.keys()) await this.notes.remove(request)
  }

  private async candidate(request: ContentAddress, number: number): Promise<StoredCompletion> {
    const entry = (await this.store.list(request)).entries[number - 1]
    const text = entry === undefined ? undefined : await this.store.readText(entry.completion)
    if (entry === undefined || text === undefined)
      return {type: 'lost', message: `Cannot take candidate ${number}, expected one that the store has`}
    const {completion: _, mends: __, ...facts} = entry
    return {type: 'found', completion: {request, text, ...facts}}
  }
}

/**
 * A completion that was paid for by a run that was cut off: that of the same texts goes on with it, any other takes it
 * where its text was not written, that is where it is not the `present` one. Undefined where there is none.
 */
export async function findBought(
  request: ContentAddress,
  present: ContentAddress | undefined,
  again: Again,
  store: CompletionStore,
  notes: RegenerateNotes,
): Promise<Extract<StoredCompletion, {type: 'found'}> | undefined> {
  const note = await notes.read(request)
  if (note === undefined) return undefined
  const entries = (await store.list(request)).entries.slice(note.stored)
  const isWritten = note.run !== runOf(again) && entries.some(({completion}) => completion === present)
  if (isWritten || !entries.some(({mends}) => mends === undefined)) return undefined
  const found = await store.lookUp(request)
  return found.type === 'found' ? found : undefined
}

/** What a run is known by: the texts that it makes again. */
function runOf({ids}: Again): ContentAddress {
  return textAddress([...ids].sort().join('\n'))
}
