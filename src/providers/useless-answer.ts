import type {FinishReason} from '../model/completion.ts'
import type {Request} from '../model/request.ts'
import {type AskedPrompts, isEcho} from './echoed-words.ts'

/** Why an answer that is a chat completion, and was billed, is of no use. */
export interface UselessAnswer {
  readonly code: 'content-filter' | 'refusal' | 'truncated' | 'broken-text' | 'blank' | 'echo'
  readonly message: string
  /** Whether another answer to the same request may be better. */
  readonly isRetryable: boolean
}

/** What is needed of an answer to judge it. */
export interface JudgedAnswer {
  readonly finish: FinishReason
  readonly refusal: string | null | undefined
  readonly text: string
  /** Whether the bytes that the text was read from are UTF-8. */
  readonly isUtf8: boolean
}

const anyWord = /[\p{L}\p{N}]/u

/** Longest text that a message shows whole, in UTF-16 units. */
const shownLength = 40

/**
 * Why an answer is no text for a book; undefined for one that may be. `prompts` are what directives ask.
 * Whether a text is a good one is not judged here.
 */
export function whyUseless(
  {finish, refusal, text, isUtf8}: JudgedAnswer,
  request: Request,
  prompts: AskedPrompts,
): UselessAnswer | undefined {
  if (finish === 'content_filter')
    return once('content-filter', 'The provider held the completion back (content_filter); change the prompt')
  if (typeof refusal === 'string' && refusal !== '') return once('refusal', `The model refused: ${refusal}`)
  if (finish === 'length')
    return once(
      'truncated',
      'The completion was cut off at the token limit (finish_reason `length`); raise `max-tokens`',
    )
  if (!isUtf8 && text.includes('\ufffd'))
    return again('broken-text', 'Unexpected bytes in the completion that are no UTF-8, expected text')
  if (!text.isWellFormed())
    return again('broken-text', 'Unexpected half of a character (a lone surrogate) in the completion, expected text')
  if (text.trim() === '') return again('blank', 'Unexpected blank completion, expected a text')
  if (!anyWord.test(text))
    return again(
      'blank',
      `Unexpected completion \`${text.trim().slice(0, shownLength)}\` without a word, expected a text`,
    )
  if (isEcho(text, request, prompts))
    return again(
      'echo',
      'Unexpected completion that only repeats the prompt, expected a text; does the model follow chat messages?',
    )
  return undefined
}

function once(code: UselessAnswer['code'], message: string): UselessAnswer {
  return {code, message, isRetryable: false}
}

function again(code: UselessAnswer['code'], message: string): UselessAnswer {
  return {code, message, isRetryable: true}
}
