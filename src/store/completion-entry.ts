import {createHash} from 'node:crypto'
import {z} from 'zod'
import type {Completion} from '../model/completion.ts'
import type {ContentAddress} from '../model/content-address.ts'
import {addressSchema, completionFacts} from './completion-facts.ts'

const entrySchema = z.object({
  /** The request whose list this is; lines of old lists lack it. */
  request: addressSchema.optional(),
  /** The completion that it was asked to mend. */
  mends: addressSchema.optional(),
  asked: addressSchema.optional(),
  ...completionFacts,
  /** The request itself; read only where somebody asks for it. */
  sent: z.unknown().optional(),
})

/** What a line of a request's list says of a completion: which text came, and how. */
export interface CompletionEntry extends Omit<Completion, 'text' | 'request'> {
  readonly completion: ContentAddress
  /** The request as it was sent, a `SentRequest`; lines of old lists lack it. */
  readonly sent?: unknown
}

/** A line of a request's list; `unreadable` is one that is torn, changed or of another request. */
export type ListLine =
  | {readonly type: 'entry'; readonly entry: CompletionEntry}
  | {readonly type: 'unreadable'; readonly because: string}

/**
 * The line that `parseEntryLine` reads: 16 digits of the rest's SHA-256, a tab, JSON that names the request. It ends with
 * a line end: one that lacks it was torn off by a crash.
 */
export function formatEntryLine(request: ContentAddress, entry: CompletionEntry): string {
  const json = JSON.stringify({request, ...entry})
  return `${lineSum(json)}\t${json}\n`
}

/** Reads a line of a request's list; undefined for a blank one. Lines of old lists have no sum and name no request. */
export function parseEntryLine(line: string, request: ContentAddress): ListLine | undefined {
  if (line.trim() === '') return undefined
  const summed = /^([0-9a-f]{16})\t(.*)$/.exec(line)
  if (summed === null && !line.startsWith('{')) return unreadable('it is torn or was changed')
  const json = summed?.[2] ?? line
  if (summed !== null && lineSum(json) !== summed[1]) return unreadable('it is torn or was changed')
  const parsed = entrySchema.safeParse(parseJson(json)).data
  if (parsed === undefined) return unreadable('it does not say what came')
  const {request: own, ...entry} = parsed
  // Only lines with a sum name their request, so one without its sum lost it.
  if (summed === null && own !== undefined) return unreadable('it is torn or was changed')
  if (summed !== null && own !== request) return unreadable('it is of another request')
  return {type: 'entry', entry: entry as CompletionEntry}
}

function lineSum(json: string): string {
  return createHash('sha256').update(json, 'utf8').digest('hex').slice(0, 16)
}

function unreadable(because: string): ListLine {
  return {type: 'unreadable', because}
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
