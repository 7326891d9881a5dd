import type {Section} from '../model/section.ts'
import {type CourseText, reportContents} from './course-text.ts'
import {PhraseIndex} from './phrase-index.ts'
import {wordsOf} from './words-of.ts'

/** Titles of one word, such as Summary, stand in many texts as that word alone. */
const leastWordsOfTitle = 2

/** Reports texts that name a heading by the title that it had before it was renamed (files, F3). */
export function checkFormerTitles(texts: readonly CourseText[], sections: readonly Section[]): void {
  const present = new Set<string>()
  const collect = ({title, children}: Section): void => {
    present.add(wordsOf(title).join(' '))
    for (const child of children) collect(child)
  }
  for (const section of sections) collect(section)
  const index = new PhraseIndex<string>()
  const known = new Set<string>()
  for (const formerTitle of texts.flatMap(({formerTitles}) => formerTitles)) {
    const words = wordsOf(formerTitle)
    const key = words.join(' ')
    if (words.length < leastWordsOfTitle || present.has(key) || known.has(key)) continue
    known.add(key)
    index.add(words, formerTitle)
  }
  if (known.size === 0) return
  for (const text of texts) {
    text.contents.prose.forEach(({text: prose}, at) => {
      const found = new Set<string>()
      index.find(wordsOf(prose), (title) => found.add(title))
      for (const title of found) {
        const reason = `Unexpected title \`${title}\`, which no heading has any more, expected the present one`
        reportContents(text, 'prose', at, 'former-title', reason)
      }
    })
  }
}
