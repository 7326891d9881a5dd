import type {Section} from '../model/section.ts'
import {PhraseIndex} from '../syntax/phrase-index.ts'
import {wordsOf} from '../syntax/words-of.ts'
import {type CourseText, reportContents} from './course-text.ts'

/** Titles of one word, such as Summary, stand in many texts as that word alone. */
const leastWordsOfTitle = 2
/** In running text, two words with capitals are as likely a name. */
const leastWordsInProse = 3

/**
 * Reports texts that name a heading by the title that it had before it was renamed (files, F3): set off, as a link or in
 * bold, or in running text with the capitals of a title.
 */
export function checkFormerTitles(texts: readonly CourseText[], sections: readonly Section[]): void {
  const former = formerTitles(texts, sections)
  if (former.size === 0) return
  const index = new PhraseIndex<string>()
  for (const [title, words] of former) if (words.length >= leastWordsInProse) index.add(words, title)
  for (const text of texts) {
    const known = new Set<string>()
    text.contents.names.forEach(({text: name}, at) => {
      const title = wordsOf(name).join(' ')
      if (!former.has(title)) return
      known.add(title)
      reportTitle(text, 'names', at, title)
    })
    text.contents.prose.forEach(({text: prose}, at) => {
      const found = new Set<string>()
      index.find(wordsOf(prose), (title) => found.add(title))
      for (const title of found) if (!known.has(title) && isTitleIn(prose, title)) reportTitle(text, 'prose', at, title)
    })
  }
}

function reportTitle(text: CourseText, list: 'names' | 'prose', at: number, title: string): void {
  const reason = `Unexpected title \`${title}\`, which no heading has any more, expected the present one`
  reportContents(text, list, at, 'former-title', reason)
}

/** Former titles with their words, without those that are still a title or part of one. */
function formerTitles(texts: readonly CourseText[], sections: readonly Section[]): Map<string, string[]> {
  const former = new Map<string, string[]>()
  const index = new PhraseIndex<string>()
  for (const title of texts.flatMap((text) => text.formerTitles)) {
    const words = wordsOf(title)
    const key = words.join(' ')
    if (words.length < leastWordsOfTitle || former.has(key)) continue
    former.set(key, words)
    index.add(words, key)
  }
  const take = ({title, children}: Section): void => {
    index.find(wordsOf(title), (key) => former.delete(key))
    for (const child of children) take(child)
  }
  for (const section of sections) take(section)
  return former
}

/** Whether a text has the words of a title with the capitals of one: all longer words have them. */
function isTitleIn(prose: string, title: string): boolean {
  const words = prose
    .normalize('NFKC')
    .replace(/['’]/g, '')
    .split(/[^\p{L}\p{N}+#]+/u)
  const wanted = title.split(' ')
  return words.some((_, start) =>
    wanted.every((word, at) => {
      const own = words[start + at] ?? ''
      return own.toLowerCase() === word && (word.length < 4 || own !== word)
    }),
  )
}
