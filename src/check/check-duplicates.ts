import {wordsOf} from '../syntax/words-of.ts'
import {type CourseText, reportContents} from './course-text.ts'

/** Sentences of fewer words may stand in a book twice. */
export const leastWordsOfDuplicate = 12

const sentenceEnd = /(?<=[.!?…]["')\]*_”’]*)\s+|(?<=[。！？])/u

/**
 * Reports sentences that stand word for word in two sections. Only texts that tell something for the first time are
 * compared: summaries, glossaries and quizzes repeat their chapter on purpose, and two drafts quote the same source.
 */
export function checkDuplicates(texts: readonly CourseText[]): void {
  const first = new Map<string, CourseText>()
  for (const text of texts) {
    if (text.kind !== 'section' && text.kind !== 'overview') continue
    text.contents.prose.forEach(({text: paragraph, isParagraph}, at) => {
      if (!isParagraph) return
      for (const sentence of paragraph.split(sentenceEnd)) {
        const words = wordsOf(sentence)
        if (words.length < leastWordsOfDuplicate) continue
        const key = words.join(' ')
        const before = first.get(key)
        if (before === undefined) first.set(key, text)
        else if (before !== text && !(before.isDraft && text.isDraft)) {
          const shown = sentence.trim().length > 80 ? `${sentence.trim().slice(0, 79).trimEnd()}…` : sentence.trim()
          const reason = `Unexpected sentence \`${shown.replaceAll('`', "'")}\` of \`${before.id}\` again, expected it once in the book`
          reportContents(text, 'prose', at, 'duplicate-sentence', reason)
        }
      }
    })
  }
}
