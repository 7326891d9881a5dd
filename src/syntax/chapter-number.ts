const roman = '(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})'

/** A number of a chapter as it is written, Roman or Arabic. */
const chapterNumberPattern = String.raw`${roman}|\d{1,3}`

const numbered = new RegExp(`^(?:Chapter\\s+)?(${chapterNumberPattern})[.):]\\s+(\\S.*)$`)
/** Of this book: `Chapter 11 bankruptcy` and `Chapter VII of the Charter` are others. */
const mention = new RegExp(
  String.raw`\bChapter\s+(${chapterNumberPattern})\b(?!\.\d)(?! (?:of|in) (?!this\b|the (?:book|course)\b)| (?:bankruptc|case|creditor|debtor|filing|petition|plan|proceeding|protection|reorgani|trustee))`,
  'g',
)

/** The number that stands before a title, and what is behind it; undefined for a title without one. */
export function splitTitle(
  title: string,
): {readonly written: string; readonly number: number; readonly rest: string} | undefined {
  const [, written, rest] = numbered.exec(title) ?? []
  if (written === undefined || rest === undefined) return undefined
  return {written, number: chapterNumber(written), rest}
}

/** Mentions of chapters of this book by number in a text, with their offsets. */
export function chapterMentions(
  text: string,
): {readonly written: string; readonly start: number; readonly end: number}[] {
  if (!text.includes('Chapter')) return []
  return [...text.matchAll(mention)]
    .map(({0: whole, 1: written = '', index}) => ({written, start: index, end: index + whole.length}))
    .filter(({written}) => written !== '')
}

const romanDigits: Readonly<Record<string, number>> = {I: 1, V: 5, X: 10, L: 50, C: 100}

/** The number that is written in Roman or Arabic digits. */
export function chapterNumber(written: string): number {
  if (/^\d/.test(written)) return Number(written)
  return [...written].reduce((sum, digit, at, digits) => {
    const own = romanDigits[digit] ?? 0
    return own < (romanDigits[digits[at + 1] ?? ''] ?? 0) ? sum - own : sum + own
  }, 0)
}
