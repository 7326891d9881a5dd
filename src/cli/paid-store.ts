import type {Completion} from '../model/completion.ts'
import type {ContentAddress} from '../model/content-address.ts'
import type {PriceSettings} from '../model/price-of.ts'
import type {Request} from '../model/request.ts'
import {systemFaultCode} from '../model/system-fault.ts'
import type {CompletionKeeper, StoredCompletion} from '../schedule/completion-keeper.ts'
import type {CompletionStore} from '../store/completion-store.ts'
import type {Reserve} from '../store/reserve.ts'
import {describeLost} from './describe-lost.ts'
import {textsIn} from './request-texts.ts'

export interface PaidStoreOptions {
  /** Whether a completion that was paid for and is damaged may be bought again. */
  readonly buysAgain: boolean
  readonly prices: PriceSettings | undefined
  readonly cwd: string
  /** Room that is given up for completions that could not be kept otherwise. */
  readonly reserve: Reserve | undefined
}

/** The store for completions that cost money: what arrives is kept even when the disk is full by now. */
export class PaidStore implements CompletionKeeper {
  private roomTrouble: unknown

  constructor(
    private readonly store: CompletionStore,
    private readonly options: PaidStoreOptions,
  ) {}

  /** Why nothing more is to be bought: the disk took the last completions only because room was set aside, or only the journal took them. */
  get trouble(): unknown {
    return this.roomTrouble ?? this.store.filingFault
  }

  async find(request: ContentAddress): Promise<StoredCompletion> {
    const stored = await this.store.lookUp(request)
    if (stored.type !== 'lost') return stored
    const {buysAgain, prices, cwd} = this.options
    return buysAgain ? {type: 'none'} : {type: 'lost', message: describeLost(stored, prices, cwd)}
  }

  async put(completion: Completion, request?: Request): Promise<void> {
    const brought = request === undefined ? undefined : {request, texts: textsIn(request)}
    await this.store.put(completion, brought, (error) => this.makeRoom(error))
  }

  private async makeRoom(error: unknown): Promise<void> {
    const code = systemFaultCode(error)
    if (code === undefined) throw error
    // A fault may pass; a full disk does not, and what is in flight still has to be kept.
    if (code !== 'EIO' && code !== 'EMFILE') this.roomTrouble ??= error
    await this.options.reserve?.free()
  }
}
