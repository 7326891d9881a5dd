const stopWords = new Set(
  `a about above after afterwards again against all also am an and any are as at be because been before behind being
  below beside besides between beyond both but by can cannot could did do does doing down during each either else even every few for from further
  had has have having he her here hers him his how i if in instead into is it its itself just may me might more most
  much must my neither no nor not now of off on once only onto or other otherwise our out over own per rather same she
  should since so some such than that the their them themselves then there these they this those through thus to too
  under until up upon us very was we were what when where whether which while who whom whose why will with within
  without would yet you your`.split(/\s+/),
)

/** Words that end as a plural and are none. */
const singularWords = new Set(['bias', 'gas', 'lens', 'news'])

const word = /[\p{L}\p{N}]+(?:[._-]+[\p{L}\p{N}]+)*/gu
const unspacedScript = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

/** Longest word that counts, in UTF-16 units: beyond it stand hashes and encoded bytes. */
const longestWord = 60

/**
 * Stems of the content words of a text, repeats included, stop words left out; a dotted name counts whole and in
 * parts.
 */
export function stemWords(text: string): readonly string[] {
  const stems: string[] = []
  for (const [match] of text.normalize('NFKC').toLowerCase().matchAll(word)) {
    if (unspacedScript.test(match)) {
      addPairs(stems, match)
      continue
    }
    addStem(stems, match)
    if (/[._-]/.test(match)) for (const part of match.split(/[._-]+/)) addStem(stems, part)
  }
  return stems
}

/** One key for all spellings of a name: case, hyphens, plural and a parenthesis do not count; `/` and `&` are `and`. */
export function nameKey(name: string): string {
  const words = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\([^()]*\)/g, '')
    .replace(/[&/]/g, ' and ')
  return (words.match(/[\p{L}\p{N}.]+/gu) ?? []).map(stem).join(' ')
}

function addStem(stems: string[], text: string): void {
  if (text.length > longestWord || stopWords.has(text)) return
  if (text.length > 1 || /\d/.test(text)) stems.push(stem(text))
}

/** Adds each pair of neighbouring characters: scripts without spaces have no words to go by. */
function addPairs(stems: string[], text: string): void {
  const characters = [...text]
  for (let at = 0; at + 1 < characters.length; at += 1) stems.push(`${characters[at]}${characters[at + 1]}`)
}

/** Cuts the common English endings; a word of up to three letters stays as it is. */
function stem(text: string): string {
  if (text.length < 4 || singularWords.has(text) || !/^[a-z]+$/.test(text)) return text
  let cut = text
  if (/(?:ss|x|ch|sh)es$/.test(cut)) cut = cut.slice(0, -2)
  else if (/[^aeiou]ies$/.test(cut)) cut = `${cut.slice(0, -3)}y`
  else if (/[^sui]s$/.test(cut)) cut = cut.slice(0, -1)
  if (cut.length > 6 && cut.endsWith('ally')) cut = cut.slice(0, -4)
  else if (cut.length > 5 && cut.endsWith('ing')) cut = withoutDouble(cut.slice(0, -3))
  else if (cut.length > 4 && cut.endsWith('ed') && !cut.endsWith('eed')) cut = withoutDouble(cut.slice(0, -2))
  else if (cut.length > 6 && /[st]ion$/.test(cut)) cut = cut.slice(0, -3)
  return cut.length > 4 && cut.endsWith('e') ? cut.slice(0, -1) : cut
}

function withoutDouble(text: string): string {
  return /([bdgmnprt])\1$/.test(text) ? text.slice(0, -1) : text
}
