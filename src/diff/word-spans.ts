import {diffArrays} from 'diff'

/** A stretch of text that stands on both sides, only after, or only before. */
export interface Span {
  readonly change: 'same' | 'added' | 'removed'
  readonly text: string
}

/** Edits up to which the words of two blocks are compared; time grows with its square. */
const mostEdits = 400

// A character of a script that is written without spaces is a word of its own.
const token =
  /\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}])[\p{L}\p{M}\p{N}_])+(?:['’.-](?=[\p{L}\p{N}])(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}])[\p{L}\p{M}\p{N}_])+)*|[^\s]/gu

const wordToken = /[\p{L}\p{N}]/u

/** The words, marks and white space that a text is made of; joined they give it again. */
export function splitWords(text: string): string[] {
  return text.match(token) ?? []
}

/** Number of words in a text: Markdown's marks are none. */
export function countWords(text: string): number {
  return splitWords(text).filter((part) => wordToken.test(part)).length
}

/**
 * The words of two texts, compared. Without the added spans it is the text before, without the removed ones the text
 * after, to the byte. Where too much differs, all between the common ends is one removed and one added span.
 */
export function diffWords(before: string, after: string): Span[] {
  if (before === after) return joinSpans([{change: 'same', text: before}])
  const was = splitWords(before)
  const is = splitWords(after)
  let start = 0
  while (start < was.length && start < is.length && was[start] === is[start]) start++
  let end = 0
  while (end < was.length - start && end < is.length - start && was.at(-1 - end) === is.at(-1 - end)) end++
  const middleWas = was.slice(start, was.length - end)
  const middleIs = is.slice(start, is.length - end)
  const changes = diffArrays(middleWas, middleIs, {maxEditLength: mostEdits})
  const middle: Span[] =
    changes === undefined
      ? [
          {change: 'removed', text: middleWas.join('')},
          {change: 'added', text: middleIs.join('')},
        ]
      : changes.map(({added, removed, value}) => ({
          change: added ? 'added' : removed ? 'removed' : 'same',
          text: value.join(''),
        }))
  return calmSpans([
    {change: 'same', text: was.slice(0, start).join('')},
    ...middle,
    {change: 'same', text: was.slice(was.length - end).join('')},
  ])
}

/** Makes one change of changes that only white space keeps apart: two words replaced by two read as such. */
function calmSpans(spans: readonly Span[]): Span[] {
  const calm: Span[] = []
  let removed = ''
  let added = ''
  let between = ''
  const close = (): void => {
    calm.push({change: 'removed', text: removed}, {change: 'added', text: added}, {change: 'same', text: between})
    removed = added = between = ''
  }
  for (const {change, text} of spans.filter(({text}) => text !== '')) {
    if (change === 'same') {
      if (between !== '' || (removed === '' && added === '')) close()
      between += text
      if (text.trim() !== '' || !(removed !== '' && added !== '')) close()
    } else {
      removed += between
      added += between
      between = ''
      if (change === 'removed') removed += text
      else added += text
    }
  }
  close()
  return slideSpans(joinSpans(calm))
}

/** Lets a change that begins with white space begin with a word, where the same white space stands behind it. */
function slideSpans(spans: readonly Span[]): Span[] {
  const slid = [...spans]
  for (let at = 1; at < slid.length - 1; at++) {
    const [before, own, behind] = [slid[at - 1], slid[at], slid[at + 1]]
    const space = /^\s+/.exec(own?.text ?? '')?.[0]
    if (before === undefined || own === undefined || behind === undefined || space === undefined) continue
    if (own.change === 'same' || before.change !== 'same' || behind.change !== 'same') continue
    if (own.text === space || !behind.text.startsWith(space)) continue
    slid[at - 1] = {...before, text: before.text + space}
    slid[at] = {...own, text: own.text.slice(space.length) + space}
    slid[at + 1] = {...behind, text: behind.text.slice(space.length)}
  }
  return joinSpans(slid)
}

/** The same spans with neighbours of one kind joined and empty ones left out. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (span.text === '') continue
    if (last?.change === span.change) joined[joined.length - 1] = {...last, text: last.text + span.text}
    else joined.push(span)
  }
  return joined
}
