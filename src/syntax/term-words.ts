const small = new Set(['a', 'an', 'and', 'of', 'or', 'the'])

/** Words of a text as terms are compared by: without the small ones, each in the singular. */
export function termWords(words: readonly string[]): string[] {
  return words.filter((word) => !small.has(word)).map(singular)
}

function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  return /(?:x|ch|sh|ss)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1)
}
