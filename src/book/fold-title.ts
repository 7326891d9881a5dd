const word = '(?:chapter|section|part|module|lesson|unit)'
/** Roman numerals to 89, in capitals: longer ones are as likely words, such as MIX or CD. */
const roman = '(?=[IVXL])(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})'
const numberingBefore = (letter: string): RegExp =>
  new RegExp(
    `^(?:(?:${roman}|\\d+(?:\\.\\d+)*)[.)]\\s+|\\d+(?:\\.\\d+)*\\s*[:–—-]\\s+|\\d+(?:\\.\\d+)*\\s+(?=${letter})|(?:${roman})\\s+[–—-]\\s+)`,
    'u',
  )
/** Patterns with all letters of Unicode take long to compile; most titles do without. */
const patterns = {
  ascii: {numbering: numberingBefore('[A-Za-z]'), noWord: /[^A-Za-z0-9+#]+/g},
  unicode: {numbering: numberingBefore('\\p{L}'), noWord: /[^\p{L}\p{N}+#]+/gu},
}
const namedNumbering = new RegExp(`^${word}\\s+(?:[ivxlcdm]+|\\d+(?:\\.\\d+)*)\\s*(?:[.):–—-]\\s*|\\s)(?=\\S)`, 'i')

/**
 * A title as it is compared: NFKC, lower case, without numbering, emphasis, punctuation and a leading article, with
 * `/` and `&` read as `and`.
 */
export function foldTitle(title: string): string {
  const {numbering, noWord} = /[^\0-\x7f]/.test(title) ? patterns.unicode : patterns.ascii
  const plain = title
    .normalize('NFKC')
    .trim()
    .replace(/^[*_#"'“”‘’\s]+/, '')
  // Numbering begins with a digit, a Roman numeral or a word such as Chapter.
  const unnumbered = /^[\dIVXLcsmpu]/i.test(plain) ? plain.replace(namedNumbering, '').replace(numbering, '') : plain
  const words = (unnumbered.trim() === '' ? plain : unnumbered)
    .toUpperCase()
    .toLowerCase()
    .replace(/[’']/g, '')
    .replace(/[/&]/g, ' and ')
    .replace(noWord, ' ')
    .trim()
  return words.replace(/^(?:the|an?)\s+(?=\S)/, '')
}
