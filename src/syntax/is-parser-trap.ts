/** Whether reading a text as Markdown would take for ever: nested by the hundred, or nothing but opening brackets. */
export function isParserTrap(text: string): boolean {
  return (
    /^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])){50}/m.test(text) ||
    /^[ \t]{200,}(?:[-*+]|\d{1,9}[.)])[ \t]/m.test(text) ||
    (holdsMany(text) && /(?:!?\[){100}|(?:[*_]{1,3}\S{0,3}){400}|(?:<\?|<!){100}/.test(text))
  )
}

/** Whether there are enough brackets or marks of emphasis at all. */
function holdsMany(text: string): boolean {
  let count = 0
  for (const mark of ['*', '_', '[', '<'])
    for (let at = text.indexOf(mark); at !== -1 && count < 100; at = text.indexOf(mark, at + 1)) count++
  return count === 100
}
