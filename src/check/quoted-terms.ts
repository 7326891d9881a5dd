const term = [
  '`([^`\\n]{1,80})`',
  '\\*\\*([^*\\n]{1,80})\\*\\*',
  "(?<![\\p{L}\\p{N}])'([^'\\n]{1,80}(?:'s [^'\\n]{1,60})?)'(?![\\p{L}\\p{N}])",
  '"([^"\\n]{1,80})"',
  '“([^”\\n]{1,80})”',
  '‘([^’\\n]{1,80})’',
  '«([^»\\n]{1,80})»',
  '„([^“\\n]{1,80})“',
].join('|')

const separator = '(?: *,(?: *(?:and|or))? *| +(?:and|or) +| *; *)'
const run = new RegExp(`(?:${term})(?:${separator}(?:${term}))*`, 'gu')
const single = new RegExp(term, 'gu')

/** The longest run of quoted terms of a text that begins right behind what `lead` matches; none are none. */
export function quotedTerms(text: string, lead: RegExp): string[] {
  let best: string[] = []
  for (const match of text.matchAll(run)) {
    if (!lead.test(text.slice(Math.max(0, match.index - 60), match.index))) continue
    const terms = [...match[0].matchAll(single)].map(
      (groups) => groups.slice(1).find((group) => group !== undefined) ?? '',
    )
    if (terms.length > best.length) best = terms
  }
  const trimmed = best.map((one) => one.trim().replace(/[.,;:]$/, '')).filter((one) => one !== '')
  return [...new Set(trimmed)]
}
