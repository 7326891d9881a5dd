const wordCharacters = /[^\p{L}\p{N}+#]+/gu
/** The same for texts without other letters, in a fraction of the time. */
const asciiCharacters = /[^a-z0-9+#]+/g

/** Words of a text as they are compared: NFKC, lower case, apostrophes taken out. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase().replace(/['’]/g, '')
  const separators = /[^\0-\x7f]/.test(plain) ? wordCharacters : asciiCharacters
  return plain.split(separators).filter((word) => word !== '')
}
