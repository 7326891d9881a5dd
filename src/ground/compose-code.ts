import {wantedCode} from '../check/ask-code.ts'
import {type Draft, findCandidates} from './choose-passages.ts'
import type {Wish} from './draft-form.ts'
import {fillPhrase} from './draft-phrases.ts'
import {makeQuery} from './draft-query.ts'
import type {Passage} from './passage-library.ts'
import type {PromptReading} from './prompt-reading.ts'
import {cite} from './quote-passage.ts'

/** Least share of the query's weight that code must have: a wrong example is worse than none. */
const leastShare = 0.14

/** Whether a prompt asks for code that it does not give itself. */
export function asksForOtherCode(prompt: PromptReading): boolean {
  return prompt.asksForCode && prompt.code.length === 0
}

/** The wish for a piece of code, in the language that the directive names. */
export function codeWish(draft: Draft, prompt: PromptReading): Wish {
  const infos = wantedCode({value: draft.task.prompt})?.language?.infos
  const accepts = ({kind, block}: Passage): boolean =>
    kind === 'code' && (infos === undefined || infos.includes(/^`+([\w#+-]*)/.exec(block)?.[1]?.toLowerCase() ?? ''))
  return {find: () => findCandidates(draft, makeQuery(draft.task, prompt), {accepts, leastShare}), limit: 1}
}

/** The code behind the sentence that leads to it in its note; says so where the directive clearly asks and none is there. */
export function quoteCode(draft: Draft, prompt: PromptReading, passage: Passage | undefined): readonly string[] {
  if (passage !== undefined) return quoteBlock(passage, draft.phrases.source)
  const wanted = asksForOtherCode(prompt) ? wantedCode({value: draft.task.prompt}) : undefined
  if (wanted === undefined) return []
  return [fillPhrase(draft.phrases.noCode, `**${wanted.language?.name ?? 'Code'}**`)]
}

/** The code that the outline itself gives, which the text is to speak of. */
export function quoteOwnCode({phrases}: Draft, prompt: PromptReading): readonly string[] {
  if (prompt.code.length === 0) return []
  return [phrases.ownCode[prompt.code.length === 1 ? 0 : 1], ...prompt.code]
}

/** A table or code with its introduction, which bears the citation. */
export function quoteBlock(passage: Passage, sourceWord: string): readonly string[] {
  const citation = cite(passage)
  const introduction =
    passage.text !== '' ? `${passage.text}${citation}` : citation === '' ? '' : `${sourceWord}${citation}`
  return introduction === '' ? [passage.block] : [introduction, passage.block]
}
