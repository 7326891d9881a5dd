import {type ContentAddress, contentAddress} from './content-address.ts'

export interface Message {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

export interface Sampling {
  readonly temperature?: number
  readonly topP?: number
  readonly seed?: number
  readonly stop?: readonly string[]
}

/** One call of a model, whole: every byte that could change the answer and nothing else. */
export interface Request {
  /** Origin and path of the API, or the config's `identity`; `draft` for the provider without a network. */
  readonly endpoint: string
  readonly model: string
  readonly messages: readonly Message[]
  readonly sampling: Sampling
  readonly limits: {readonly maxTokens?: number}
}

/** Raised when the form of a request changes, so that older addresses are never taken for it. */
const requestVersion = 1

/** Addresses of requests, which are values and do not change. */
const addresses = new WeakMap<Request, ContentAddress>()

/** Address under which the store keeps the completions of a request. */
export function requestAddress(request: Request): ContentAddress {
  const known = addresses.get(request)
  if (known !== undefined) return known
  const address = contentAddress(['request', requestVersion, request])
  addresses.set(request, address)
  return address
}
