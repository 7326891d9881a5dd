/** Kinds of character that decide whether `*` or `_` beside them may open or close emphasis. */
export type CharacterKind = 'space' | 'punctuation' | 'letter'

const kinds: CharacterKind[] = Array.from({length: 128}, (_, code) => kindOf(String.fromCharCode(code)))

/** Kind of a UTF-16 unit; half of a surrogate pair counts as a letter, as it does for the parser. */
export function characterKind(unit: number): CharacterKind {
  return kinds[unit] ?? kindOf(String.fromCharCode(unit))
}

function kindOf(character: string): CharacterKind {
  if (/\s/.test(character)) return 'space'
  return /[\p{P}\p{S}]/u.test(character) ? 'punctuation' : 'letter'
}
