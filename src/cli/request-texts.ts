import type {Request} from '../model/request.ts'
import type {StoredText} from '../store/sent-request.ts'

/** A text that stands in a request, and whether the store has it under that address. */
type CarriedText = StoredText & {readonly isStored?: boolean}

const carried = new WeakMap<Request, readonly CarriedText[]>()

/** A request, with a note of which stored completions stand in it, so that the store need not keep them again. */
export function withTexts(request: Request, texts: readonly CarriedText[]): Request {
  const stored = texts.filter(({isStored}) => isStored === true)
  if (stored.length > 0) carried.set(request, stored)
  return request
}

/** The stored completions that were noted for a request. */
export function textsIn(request: Request): readonly CarriedText[] {
  return carried.get(request) ?? []
}
