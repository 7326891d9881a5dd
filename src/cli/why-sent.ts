import {type TextPiece, textPieces} from '../diff/text-pieces.ts'
import type {ContentAddress} from '../model/content-address.ts'
import {canonicalJson} from '../model/content-address.ts'
import {type Request, requestAddress} from '../model/request.ts'
import type {CompletionStore} from '../store/completion-store.ts'
import type {SectionRecord} from '../store/section-file.ts'

/** The request that made a text, as it was sent. */
export interface WhySent extends Omit<Request, 'messages'> {
  readonly address: ContentAddress
  readonly messages: readonly {readonly role: string; readonly characters: number; readonly content?: string}[]
}

/** Something in which the request of now differs from the planned one that made the text. */
export type RequestDifference =
  | {readonly part: 'endpoint' | 'model' | 'sampling' | 'limits'; readonly was: unknown; readonly now: unknown}
  | {
      readonly part: 'message'
      readonly role: string
      /** From 1. */
      readonly number: number
      /** Under `--diff`. */
      readonly pieces?: readonly TextPiece[]
    }

/** What the store knows of the request that made a text. */
export interface MadeRequest {
  readonly sent: WhySent | null
  /** Null where the planned request was not kept. */
  readonly differences: readonly RequestDifference[] | null
  /** Whether it is the planned request of now, at the same server where that is not known; undefined where nothing tells. */
  readonly isSame: boolean | undefined
}

/** What is shown of the request that made a text. */
export interface SentOptions {
  readonly isWhole: boolean
  readonly hasPieces: boolean
}

const unknown: MadeRequest = {sent: null, differences: null, isSame: undefined}

/** Reads the request that made a text and compares the planned one with that of now. Puts nothing aside. */
export async function madeRequest(
  record: SectionRecord | undefined,
  now: {readonly request: Request; readonly isEndpointKnown: boolean},
  store: CompletionStore,
  options: SentOptions,
): Promise<MadeRequest> {
  if (record === undefined || record.provider === 'draft') return unknown
  const {entries} = await store.list(record.request)
  const planned = await store.readRequest(record.request)
  // A text that was asked for again was brought by a request of its own.
  const asked = entries.findLast(({completion}) => completion === record.completion)?.asked
  const sent = asked === undefined ? planned : await store.readRequest(asked)
  if (planned === undefined) return {...unknown, sent: sentFacts(sent, options)}
  const request = now.isEndpointKnown ? now.request : {...now.request, endpoint: planned.endpoint}
  return {
    sent: sentFacts(sent, options),
    differences: differencesOf(planned, request, options),
    isSame: requestAddress(request) === record.request,
  }
}

function sentFacts(request: Request | undefined, {isWhole}: SentOptions): WhySent | null {
  if (request === undefined) return null
  const {messages, ...rest} = request
  return {
    ...rest,
    address: requestAddress(request),
    messages: messages.map(({role, content}) => ({role, characters: content.length, ...(isWhole ? {content} : {})})),
  }
}

function differencesOf(was: Request, now: Request, {hasPieces}: SentOptions): RequestDifference[] {
  const settings = (['endpoint', 'model', 'sampling', 'limits'] as const).flatMap((part): RequestDifference[] =>
    canonicalJson(was[part]) === canonicalJson(now[part]) ? [] : [{part, was: was[part], now: now[part]}],
  )
  const count = Math.max(was.messages.length, now.messages.length)
  const messages = Array.from({length: count}, (_, at): RequestDifference[] => {
    const [before, after] = [was.messages[at], now.messages[at]]
    if (before?.role === after?.role && before?.content === after?.content) return []
    const role = after?.role ?? before?.role ?? ''
    const pieces = hasPieces ? {pieces: textPieces(before?.content ?? '', after?.content ?? '')} : {}
    return [{part: 'message', role, number: at + 1, ...pieces}]
  })
  return [...settings, ...messages.flat()]
}
