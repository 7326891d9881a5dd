const opener = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})[ \t]*([\w+#.-]+)/
/** Languages whose blocks may well show how a fence is written. */
const showsFences = /^(?:markdown|md|mdx|text|txt|plaintext|diff|rst|html|vim|latex|tex)$/i
/** A line of prose or a heading, which hardly any code holds behind a blank line. */
const prose = /^(?:#{1,6} \p{Lu}.*|\p{Lu}[^;{}=<>]* [^;{}=<>]*[.:!?])$/u

/**
 * Closes a fence that is still open where the next one with a language opens: before the text that leads up to that
 * one, if it is prose, else right before it. `closed` is the language of the first that was closed so.
 */
export function closeBeforeNext(text: string): {readonly text: string; readonly closed?: string} {
  const lines = text.split('\n')
  const made: string[] = []
  let open: {readonly marks: string; readonly language: string; readonly at: number} | undefined
  let closed: string | undefined
  for (const line of lines) {
    const [, marks = '', language = ''] = opener.exec(line) ?? []
    if (open === undefined) {
      const bare = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1]
      if (bare !== undefined) open = {marks: marks || bare, language, at: made.length}
    } else if (isEndOf(open.marks, line)) open = undefined
    else if (marks === open.marks && open.language !== '' && !showsFences.test(open.language)) {
      const end = endOfCode(made, open.at)
      made.splice(end, 0, open.marks, ...(made[end]?.trim() === '' ? [] : ['']))
      closed ??= open.language
      open = {marks, language, at: made.length}
    }
    made.push(line)
  }
  return closed === undefined ? {text} : {text: made.join('\n'), closed}
}

function isEndOf(marks: string, line: string): boolean {
  const own = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1]
  return own !== undefined && own[0] === marks[0] && own.length >= marks.length
}

/** Number of the line behind which the code ends that begins behind line `at`: at a blank line before prose, else at the end. */
function endOfCode(lines: readonly string[], at: number): number {
  for (let line = at + 2; line < lines.length; line++) {
    if (lines[line - 1]?.trim() === '' && prose.test(lines[line] as string)) return trimEnd(lines, line - 1)
  }
  return trimEnd(lines, lines.length)
}

/** The number of lines up to `end` without blank ones at their end. */
function trimEnd(lines: readonly string[], end: number): number {
  let last = end
  while (last > 0 && lines[last - 1]?.trim() === '') last--
  return last
}
