const sentences = new WeakMap<object, readonly string[]>()

/** Sentences and lines of a prompt without its code and quoted parts, which are its subject and no wish. */
export function promptSentences(directive: {readonly value: string}): readonly string[] {
  const known = sentences.get(directive)
  if (known !== undefined) return known
  const plain = directive.value
    .replace(/^ *(`{3,}|~{3,})[^]*?(?:^ *\1[`~]* *$|$(?![^]))/gm, '\n')
    .replace(/`[^`\n]*`/g, '`x`')
  const found = plain
    .split(/(?<=[.!?;:])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
  sentences.set(directive, found)
  return found
}

const negation =
  /\b(?:no|not|never|without|avoid\w*|omit|skip|leave out|exclude|refrain|\w+n['’]t|instead of|rather than|unless|if|optional(?:ly)?|may|might|(?:you|it|we) (?:can|could)|either|or as|feel free|consider using|as needed|perhaps|(?:when|where)(?:ver)? (?:it |this )?(?:is |makes |adds )?(?:appropriate|applicable|helpful|necessary|needed|possible|relevant|sense|useful))\b/i

/** Whether a sentence asks to leave something out, or speaks of it without asking for it. */
export function isNegated(sentence: string): boolean {
  return negation.test(sentence)
}
