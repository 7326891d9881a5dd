import {createHash} from 'node:crypto'

/** A prompt of a fault course, as it is found in a request: its number and the edition of its wording. */
export interface KnownPrompt {
  /** Such as `p07`, which is also the directive's id. */
  readonly id: string
  /** Such as `v1`; a new edition of the outline words every prompt anew. */
  readonly edition: string
}

/** What a directive of a fault course asks. */
export function wordPrompt({id, edition}: KnownPrompt): string {
  return `Write two sentences about topic [[${id} ${edition}]].`
}

/** The prompt that a request's text holds; throws when it holds none or several. */
export function findPrompt(text: string): KnownPrompt {
  const found = [...text.matchAll(/\[\[(p\d+) (v\d+)\]\]/g)]
  const [, id, edition] = found[0] ?? []
  if (found.length !== 1 || id === undefined || edition === undefined) {
    throw new Error(`Unexpected request with ${found.length} marked prompts, expected one: ${text.slice(0, 200)}`)
  }
  return {id, edition}
}

/** The one right answer to a prompt; no two prompts or editions share it. */
export function answerTo({id, edition}: KnownPrompt): string {
  const words = createHash('sha256').update(`${id} ${edition}`).digest('hex').slice(0, 48).match(/.{4}/g) ?? []
  return `Topic ${id} stands here in edition ${edition}. Its words are ${words.join(' ')} and no others.`
}

/** The prompt that an answer belongs to; undefined for a text that is no right answer. */
export function promptAnsweredBy(text: string): KnownPrompt | undefined {
  const [, id, edition] = /^Topic (p\d+) stands here in edition (v\d+)\./.exec(text) ?? []
  if (id === undefined || edition === undefined) return undefined
  return text === answerTo({id, edition}) ? {id, edition} : undefined
}
