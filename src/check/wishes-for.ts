const goesOn =
  'and (?:add|create|draft|end|give|include|list|make|offer|outline|present|provide|show|summari[sz]e|use|write)'
/** Verbs of which a form is the subject: `explain ordered lists`, `rewrite a paragraph`. */
const speaksOf = new RegExp(
  String.raw`\b(?:analy[sz]e|compare|contrast|convert|critique|describe|difference between|discuss|expand|explain|interpret|mention|quote|read|refer to|review|rewrite|turn)\b(?:(?!\b(?:as|by|in|into|through|using|via|with|${goesOn})\b)[^,;:])*$`,
  'i',
)
const asks = new RegExp(String.raw`\b(?:how|what|when|where|whether|which|why)\b(?:(?!\b${goesOn}\b)[^,;:])*$`, 'i')
/** A form that is there already. */
const known =
  /\b(?:each|existing|following|its|previous|that|the|their|these|this|those|which)\s+(?:(?!(?:an?|as|by|in|into|of|one|using|with)\b)[\w-]+\s+)?$/i
/** Behind a question, what comes with these is the form of its answer: `explain how to prune in numbered steps`. */
const endsAsForm = /\b(?:as|in|using|with)\s+(?:an?\s+)?(?:(?:brief|clear|concise|short|simple|single)\s+)?$/i
/** Where the pattern finds the form with its verb. */
const ownVerb = /^[a-z]+\b/i
const beginsAsForm = /^(?:as|in|into|using|with)\b/i

/** Characters before a form that say what it is for. */
const reach = 200

/**
 * Whether a sentence wishes for a form that a pattern finds in it, and does not speak of that form: `explain how lists
 * work`, `rewrite the paragraph`.
 */
export function wishesFor(sentence: string, pattern: RegExp): boolean {
  const match = pattern.exec(sentence)
  if (match === null) return false
  const before = sentence.slice(Math.max(0, match.index - reach), match.index)
  const isForm = beginsAsForm.test(match[0]) || endsAsForm.test(before)
  if (isForm && !/^ordered/i.test(match[0])) return true
  const led = `${before}${ownVerb.exec(match[0])?.[0] ?? ''}`
  return !known.test(before) && !speaksOf.test(led) && !asks.test(led)
}
