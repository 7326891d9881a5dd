import type {Completion} from '../model/completion.ts'
import type {ContentAddress} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import type {CompletionKeeper, StoredCompletion} from '../schedule/run-plan.ts'
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
    private readonly takes: Again['takes'],
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
    if (again === undefined || this.takes === 'stored') return this.paid.find(request)
    if (this.takes !== 'new') return this.candidate(request, this.takes.get(again.id) ?? 0)
    const unwritten = await findUnwritten(request, again.present, this.store, this.notes)
    if (unwritten !== undefined) return unwritten
    const {entries} = await this.store.list(request)
    await this.notes.write(request, entries.length)
    return {type: 'none'}
  }

  put(completion: Completion): Promise<void> {
    return this.paid.put(completion)
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
 * A completion that was paid for by a run that was killed before it could write the text; undefined where there is none,
 * as when it is the `present` one.
 */
export async function findUnwritten(
  request: ContentAddress,
  present: ContentAddress | undefined,
  store: CompletionStore,
  notes: RegenerateNotes,
): Promise<Extract<StoredCompletion, {type: 'found'}> | undefined> {
  const noted = await notes.read(request)
  if (noted === undefined) return undefined
  const entries = (await store.list(request)).entries.slice(noted)
  const isWritten = entries.some(({completion}) => completion === present)
  if (isWritten || !entries.some(({mends}) => mends === undefined)) return undefined
  const found = await store.lookUp(request)
  return found.type === 'found' ? found : undefined
}
