import type {ContentAddress} from '../model/content-address.ts'
import {systemFaultCode} from '../model/system-fault.ts'
import type {JournalledText} from './completion-journal.ts'

/** Completions that may be on their way from the journal to their own files: with more, whoever brings one waits. */
const mostOnTheWay = 256

/** What goes with a completion on its way. */
export interface FilingCare {
  /** Called when the files could not be written; they are tried once more where it resolves. */
  makeRoom(error: unknown): Promise<void>
  /** Called when they are on disk. */
  done(): void
}

/** Puts completions that are on disk in a journal into files of their own, while the run goes on. */
export class Filing {
  private readonly onTheWay = new Map<ContentAddress, Promise<void>>()
  private readonly texts = new Map<ContentAddress, string>()
  private count = 0
  private unfiled = 0
  private systemFault: unknown
  private ownFault: {readonly reason: unknown} | undefined

  constructor(private readonly write: (text: JournalledText) => Promise<void>) {}

  /** The first fault of the disk that kept a completion out of its files. */
  get fault(): unknown {
    return this.systemFault
  }

  /** Begins to write a completion's files; waits for them only where many are being written. */
  async add(text: JournalledText, address: ContentAddress, care: FilingCare): Promise<void> {
    const {request} = text
    this.texts.set(address, text.text)
    this.count++
    const before = this.onTheWay.get(request)
    const filed = this.file(text, address, care, before).finally(() => {
      this.count--
      if (this.onTheWay.get(request) === filed) this.onTheWay.delete(request)
    })
    this.onTheWay.set(request, filed)
    if (this.count > mostOnTheWay) await filed
  }

  /** Resolves when no completion of a request is on its way. */
  of(request: ContentAddress): Promise<void> {
    return this.onTheWay.get(request) ?? Promise.resolve()
  }

  /** A completion that is in no file of its own yet. */
  text(address: ContentAddress): string | undefined {
    return this.texts.get(address)
  }

  /** Resolves when nothing is on its way; gives how many completions are in no file of their own. */
  async settle(): Promise<number> {
    while (this.onTheWay.size > 0) await Promise.all(this.onTheWay.values())
    if (this.ownFault !== undefined) throw this.ownFault.reason
    return this.unfiled
  }

  /** Never rejects. */
  private async file(
    text: JournalledText,
    address: ContentAddress,
    {makeRoom, done}: FilingCare,
    before: Promise<void> | undefined,
  ): Promise<void> {
    // First leaves what waited for the journal.
    await new Promise((resolve) => setImmediate(resolve))
    await before
    try {
      try {
        await this.write(text)
      } catch (error) {
        await makeRoom(error)
        await this.write(text)
      }
      this.texts.delete(address)
      done()
    } catch (error) {
      this.unfiled++
      if (systemFaultCode(error) === undefined) this.ownFault ??= {reason: error}
      else this.systemFault ??= error
    }
  }
}
