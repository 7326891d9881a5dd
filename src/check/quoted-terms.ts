const term = [
  '(?<!`)``(?!`)((?:[^`\\n]|(?<!`)`(?!`)){1,82})``(?!`)',
  '(?<!`)`([^`\\n]{1,80})`(?!`)',
  '\\*\\*([^*\\n]{1,80})\\*\\*',
  "(?<![\\p{L}\\p{N}])'([^'\\n]{1,80}(?:'s [^'\\n]{1,60})?)'(?![\\p{L}\\p{N}])",
  '"([^"\\n]{1,80})"',
  '“([^”\\n]{1,80})”',
  '‘([^’\\n]{1,80})’',
  '«([^»\\n]{1,80})»',
  '„([^“\\n]{1,80})“',
  '»([^«\\n]{1,80})«',
].join('|')

const joins = '(?:and|or|et|ou|und|oder|y|e|o|en|of|og|och)'
const separator = `(?: *,(?: *${joins} )? *| +${joins} +| *; *)`
const run = new RegExp(`(?:${term})(?:${separator}(?:${term}))*`, 'gu')
const single = new RegExp(term, 'gu')

/** What stands around terms that are meant. */
export interface TermPlace {
  /** Matches what ends where the terms begin. */
  readonly lead: RegExp
  /** Matches what begins where the terms end; one of both is enough. */
  readonly tail?: RegExp
}

const refused = /\b(?:not|never|avoid|without|why|how)\b|n['’]t\b/i

const form =
  /\b(?:(?:for|format|of|structure) (?:each|every) (?:entry|term|definition)|like this)\b|(?:\b(?:avoid|do not|never)\b|n['’]t\b)[^,()]{0,40}:\s*$|\b(?:areas|categories|columns?|fields?|(?<!glossary )format|groups?|labels|(?<!glossary )layout|order|(?<!glossary )style|structure|template|themes?|topics)\s*[:=]?\s*$|\bin chapter \d+:\s*$/i

/** Whether what ends at a place of a prompt says that a form, parts or topics come next, or words to leave out. */
export function isOfForm(prompt: string, end: number): boolean {
  const before = prompt.slice(Math.max(0, end - 100), end)
  return form.test(/[^.!?\n]*\s*$/.exec(before)?.[0] ?? before)
}

/** The longest run of quoted terms of a text at such a place; none are none. */
export function quotedTerms(text: string, {lead, tail}: TermPlace): string[] {
  let best: string[] = []
  for (const match of text.matchAll(run)) {
    const before = text.slice(Math.max(0, match.index - 60), match.index)
    const end = match.index + match[0].length
    const isBefore = tail?.test(text.slice(end, end + 40)) === true && !refused.test(before)
    if (!isBefore && (!lead.test(before) || isOfForm(text, match.index))) continue
    const terms = [...match[0].matchAll(single)].map(
      (groups) => groups.slice(1).find((group) => group !== undefined) ?? '',
    )
    if (terms.length > best.length) best = terms
  }
  const trimmed = best
    .map((one) =>
      one
        .replaceAll('`', '')
        .trim()
        .replace(/[.,;:]$/, ''),
    )
    .filter((one) => one !== '')
  return [...new Set(trimmed)]
}
