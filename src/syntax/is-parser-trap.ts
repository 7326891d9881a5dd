/** A line that opens fifty quotes and items, one in the other; a rule of dashes opens none. */
const nestedStart = /^(?!(?:[- \t]+|[* \t]+)$)(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))){50}/m

/** Whether reading a text as Markdown would take for ever: nested by the hundred, or nothing but opening brackets. */
export function isParserTrap(text: string): boolean {
  return (
    nestedStart.test(text) ||
    /^[ \t]{200,}(?:[-*+]|\d{1,9}[.)])[ \t]/m.test(text) ||
    (holdsMany(text) && /(?:!?\[){100}|(?:[*_][^\s*_]{0,3}){400}|(?:<\?|<!){100}/.test(text))
  )
}

/** Whether there are enough brackets or marks of emphasis at all. */
function holdsMany(text: string): boolean {
  let count = 0
  for (const mark of ['*', '_', '[', '<'])
    for (let at = text.indexOf(mark); at !== -1 && count < 100; at = text.indexOf(mark, at + 1)) count++
  return count === 100
}
