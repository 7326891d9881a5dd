/** A line of a text that is not an author's doing. */
export interface BrokenLine {
  /** From 1. */
  readonly line: number
  /** `unreadable`: bytes that were no UTF-8 were read; `unmerged`: the mark of a merge that was not ended. */
  readonly because: 'unreadable' | 'unmerged'
}

/** The first line of an edited text that shows that it is damaged, which the text before was not. */
export function findBrokenLine(edited: string, before: string): BrokenLine | undefined {
  const marks: readonly (readonly [BrokenLine['because'], RegExp, RegExp])[] = [
    ['unreadable', /\ufffd/, /\ufffd/],
    ['unmerged', /^<{7} /m, /^>{7} /m],
  ]
  for (const [because, opening, closing] of marks) {
    const match = closing.test(edited) && !opening.test(before) ? opening.exec(edited) : null
    if (match !== null) return {line: edited.slice(0, match.index).split('\n').length, because}
  }
  return undefined
}
