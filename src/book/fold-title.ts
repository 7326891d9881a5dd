const word = '(?:chapter|section|part|module|lesson|unit)'
/** Roman numerals to 89, in capitals: longer ones are as likely words, such as MIX or CD. */
const roman = '(?=[IVXL])(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})'
const numbering = new RegExp(
  `^(?:(?:${roman}|\\d+(?:\\.\\d+)*)[.)]\\s+|\\d+(?:\\.\\d+)*\\s*[:–—-]\\s+|\\d+(?:\\.\\d+)*\\s+(?=\\p{L})|(?:${roman})\\s+[–—-]\\s+)`,
  'u',
)
const namedNumbering = new RegExp(`^${word}\\s+(?:[ivxlcdm]+|\\d+(?:\\.\\d+)*)\\s*(?:[.):–—-]\\s*|\\s)(?=\\S)`, 'i')

/**
 * A title as it is compared: NFKC, lower case, without numbering, emphasis, punctuation and a leading article, with
 * `/` and `&` read as `and`.
 */
export function foldTitle(title: string): string {
  const plain = title
    .normalize('NFKC')
    .trim()
    .replace(/^[*_#"'“”‘’\s]+/, '')
  const unnumbered = plain.replace(namedNumbering, '').replace(numbering, '')
  const words = (unnumbered.trim() === '' ? plain : unnumbered)
    .toUpperCase()
    .toLowerCase()
    .replace(/[’']/g, '')
    .replace(/[/&]/g, ' and ')
    .replace(/[^\p{L}\p{N}+#]+/gu, ' ')
    .trim()
  return words.replace(/^(?:the|an?)\s+(?=\S)/, '')
}
