import {z} from 'zod'
import {completionAddress} from '../model/completion.ts'
import type {ContentAddress} from '../model/content-address.ts'
import type {Message, Request} from '../model/request.ts'
import {addressSchema} from './completion-facts.ts'

/** A text that the store has, under its address. */
export interface StoredText {
  readonly address: ContentAddress
  readonly text: string
}

/** A part of a message: characters, a message that many requests share, or a completion that it carries. */
type SentPart = string | {readonly message: ContentAddress} | {readonly completion: ContentAddress}

/** A request as a line of a list has it: long texts that stand elsewhere in the store are named by their addresses. */
export interface SentRequest extends Omit<Request, 'messages'> {
  readonly messages: readonly {
    readonly role: Message['role']
    readonly content: string | readonly SentPart[]
  }[]
}

const sentSchema = z.object({
  endpoint: z.string(),
  model: z.string(),
  messages: z.array(
    z.object({
      role: z.enum(['system', 'user', 'assistant']),
      content: z.union([
        z.string(),
        z.array(z.union([z.string(), z.object({message: addressSchema}), z.object({completion: addressSchema})])),
      ]),
    }),
  ),
  sampling: z.record(z.string(), z.unknown()),
  limits: z.record(z.string(), z.unknown()),
})

/** A text with fewer characters takes hardly more room than its address. */
const leastCharacters = 200

/**
 * A request as a line keeps it, and the messages that are to be kept beside it. `texts` are completions that may stand
 * in it, in their order; one that does not is of no harm.
 */
export function packRequest(
  request: Request,
  texts: readonly StoredText[],
): {sent: SentRequest; shared: readonly StoredText[]} {
  const {endpoint, model, messages, sampling, limits} = request
  const long = texts.filter(({text}) => text.length >= leastCharacters)
  const shared: StoredText[] = []
  const packed = messages.map(({role, content}) => {
    // What the system is told is the same for all requests of a kind.
    if (role !== 'system' || content.length < leastCharacters) return {role, content: packContent(content, long)}
    const address = sharedAddress(content)
    shared.push({address, text: content})
    return {role, content: [{message: address}]}
  })
  return {sent: {endpoint, model, messages: packed, sampling, limits}, shared}
}

/** Addresses of the messages that were packed last, which hardly ever change. */
const sharedAddresses = new Map<string, ContentAddress>()
const mostShared = 64

function sharedAddress(content: string): ContentAddress {
  const known = sharedAddresses.get(content)
  if (known !== undefined) return known
  if (sharedAddresses.size >= mostShared) sharedAddresses.clear()
  const address = completionAddress(content)
  sharedAddresses.set(content, address)
  return address
}

function packContent(content: string, texts: readonly StoredText[]): string | SentPart[] {
  const parts: SentPart[] = []
  let at = 0
  for (const {address, text} of texts) {
    const start = content.indexOf(text, at)
    if (start === -1) continue
    if (start > at) parts.push(content.slice(at, start))
    parts.push({completion: address})
    at = start + text.length
  }
  if (parts.length === 0) return content
  if (at < content.length) parts.push(content.slice(at))
  return parts
}

/**
 * The request that a line keeps; undefined where it keeps none, or where a text that it names cannot be read. That it is
 * the request of that list is the caller's to check.
 */
export async function unpackRequest(
  sent: unknown,
  read: (part: 'messages' | 'completions', address: ContentAddress) => Promise<string | undefined>,
): Promise<Request | undefined> {
  const parsed = sentSchema.safeParse(sent).data
  if (parsed === undefined) return undefined
  const messages: Message[] = []
  for (const {role, content} of parsed.messages) {
    const pieces: string[] = []
    for (const part of typeof content === 'string' ? [content] : content) {
      const piece =
        typeof part === 'string'
          ? part
          : 'message' in part
            ? await read('messages', part.message)
            : await read('completions', part.completion)
      if (piece === undefined) return undefined
      pieces.push(piece)
    }
    messages.push({role, content: pieces.join('')})
  }
  return {...parsed, messages}
}

/** Addresses that a kept request names. */
export function addressesIn(sent: unknown): {
  readonly messages: readonly ContentAddress[]
  readonly completions: readonly ContentAddress[]
} {
  const parts = sentSchema.safeParse(sent).data?.messages.flatMap(({content}) => content) ?? []
  return {
    messages: parts.flatMap((part) => (typeof part === 'object' && 'message' in part ? [part.message] : [])),
    completions: parts.flatMap((part) => (typeof part === 'object' && 'completion' in part ? [part.completion] : [])),
  }
}
