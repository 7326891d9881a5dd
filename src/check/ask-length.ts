import type {WordBounds} from '../model/directive.ts'
import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, ContractSettings, Shortfall} from './contract.ts'
import {promptSentences} from './prompt-sentences.ts'

/** How far beside its bounds a length may be: no model counts words exactly. */
const tolerance = 0.2

/** A length in words: that of the attribute, of the prompt, or of the kind's setting. */
export function askLength(job: ContractJob, settings: ContractSettings): Asked | undefined {
  const bounds = wantedWords(job, settings)
  if (bounds === undefined) return undefined
  const expected = describe(bounds)
  return {expected, check: (text) => checkLength(text, bounds, expected)}
}

/** The length in words that is asked for, in the order of what counts: attribute, prompt, setting; undefined for none. */
export function wantedWords(job: ContractJob, settings: ContractSettings): WordBounds | undefined {
  return job.directive.attributes.words ?? readWords(job) ?? settings.wordsOf?.(job)
}

const range = /\b(\d{2,5}) ?(?:-|–|to|(?<=\bbetween \d+ )and) ?(\d{2,5})[- ]words?\b/gi
const limit =
  /\b(at most|no more than|up to|under|below|fewer than|less than|max(?:imum)?(?: of|\.)?|at least|a minimum of|about|around|approximately|roughly|exactly|in|of|write) (\d{2,5}) words\b(?! of (?!prose|text|plain))/gi
/** A whole text by its length: `a 250-word introduction`. */
const whole =
  /\b(?<!\b(?:why|how|what|than) )(an?) (\d{2,5})-word (?:introduction|text|overview|summary|article|essay|explanation|description|section|piece)\b(?!.*\b(?:then|followed by|and an?)\b)/gi

/** A length of a part, or one that the text speaks of. */
const partial =
  /\b(?:begin|close|conclude|end|open|start)(?:ing|s)? with\b|\b(?:definition|hook|quotation|quote|caption|abstract|introduction of|intro of)\b|\bwords,? (?:and )?then\b|\b(?:how|why)\b[^,]*\b(?:limit\w*|cut)\b|\bwords\b.*\band (?:discuss|explain|describe)\b/i

/** The one length that a prompt names for its whole text. */
function readWords({directive}: ContractJob): WordBounds | undefined {
  if (!/\d[- ]words?\b/i.test(directive.value)) return undefined
  // A length that is for parts of the text says nothing of the whole.
  const sentences = promptSentences(directive).filter(
    (own) => !/\b(?:each|every|per|apiece|summary of|title)\b/i.test(own) && !partial.test(own),
  )
  const ranges = sentences.flatMap((sentence) => [...sentence.matchAll(range)])
  const limits = sentences.flatMap((sentence) => [...sentence.matchAll(limit), ...sentence.matchAll(whole)])
  if (ranges.length + limits.length !== 1) return undefined
  const [between] = ranges
  if (between !== undefined) {
    const [min, max] = [Number(between[1]), Number(between[2])]
    return min <= max ? {min, max} : undefined
  }
  const words = Number(limits[0]?.[2])
  const how = limits[0]?.[1]?.toLowerCase() ?? ''
  const behind = limits[0]?.input.slice(limits[0].index + limits[0][0].length) ?? ''
  if (/^,? (?:or (?:fewer|less)|at most|max(?:imum)?)\b/i.test(behind)) return {min: 0, max: words}
  if (/^(?:at least|a minimum of)$/.test(how) || /^,? or more\b/i.test(behind))
    return {min: words, max: Number.POSITIVE_INFINITY}
  return /^(?:about|around|approximately|roughly|exactly|in|of|write|an?)$/.test(how)
    ? {min: words, max: words}
    : {min: 0, max: words}
}

function describe({min, max}: WordBounds): string {
  if (max === Number.POSITIVE_INFINITY) return `at least ${min} words`
  return min === 0 ? `at most ${max} words` : min === max ? `about ${max} words` : `${min} to ${max} words`
}

function checkLength({wordCount}: CheckedText, {min, max}: WordBounds, expected: string): Shortfall | undefined {
  if (wordCount >= Math.floor(min * (1 - tolerance)) && wordCount <= Math.ceil(max * (1 + tolerance))) return undefined
  return {message: `Unexpected length of ${wordCount} words, expected ${expected}`}
}
