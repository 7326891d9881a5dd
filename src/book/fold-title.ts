const leadingNumber = /^(?:(?:chapter|section|part|module|lesson|unit)\s+)?(?:[ivxlcdm]+|\d+(?:\.\d+)*|[a-z])\s*[.):\-–—]+\s+|^\d+(?:\.\d+)*\s+/
const leadingWord = /^(?:chapter|section|part|module|lesson|unit)\s+(?:[ivxlcdm]+|\d+)\s+(?=\S)/

/**
 * A title as it is compared: NFKC, lower case, without numbering, emphasis, punctuation and a leading article, with
 * `/` and `&` read as `and`.
 */
export function foldTitle(title: string): string {
  const plain = title.normalize('NFKC').toLowerCase().trim().replace(/^[*_#"'“”‘’\s]+/, '')
  const unnumbered = plain.replace(leadingNumber, '').replace(leadingWord, '')
  const words = (unnumbered === '' ? plain : unnumbered)
    .replace(/[’']/g, '')
    .replace(/[/&]/g, ' and ')
    .replace(/[^\p{L}\p{N}+#]+/gu, ' ')
    .trim()
  return words.replace(/^(?:the|an?)\s+(?=\S)/, '')
}
