import {PhraseIndex} from '../syntax/phrase-index.ts'
import {termWords} from '../syntax/term-words.ts'
import {wordsOf} from '../syntax/words-of.ts'
import {type CourseText, reportContents} from './course-text.ts'
import {proseWords} from './text-contents.ts'

interface Term {
  readonly text: CourseText
  readonly at: number
  readonly name: string
  isUsed: boolean
}

/**
 * Reports terms of a glossary that no other text of the book uses: not its chapter, nor any other. `authorText` is what
 * the author wrote around the directives.
 */
export function checkTerms(texts: readonly CourseText[], authorText: string): void {
  const index = new PhraseIndex<Term>()
  const terms: Term[] = []
  for (const text of texts) {
    if (text.kind !== 'key-terms' || text.isBroken) continue
    const list = text.contents.leads.length > 0 ? 'leads' : 'headings'
    text.contents[list].forEach((fact, at) => {
      const name = 'title' in fact ? fact.title : fact.text
      const term: Term = {text, at, name, isUsed: false}
      for (const words of formsOf(name)) index.add(words, term)
      terms.push(term)
    })
  }
  if (terms.length === 0) return
  for (const text of texts) {
    // Glossaries of other chapters use terms too, but none proves its own.
    index.find(
      termWords([...proseWords(text.contents), ...text.contents.codes.flatMap(({code}) => wordsOf(code))]),
      (term) => {
        if (term.text !== text) term.isUsed = true
      },
    )
  }
  index.find(termWords(wordsOf(authorText)), (term) => {
    term.isUsed = true
  })
  for (const {text, at, name, isUsed} of terms) {
    if (isUsed) continue
    const list = text.contents.leads.length > 0 ? 'leads' : 'headings'
    const reason = `Unexpected term \`${name.replaceAll('`', "'")}\`, expected one that the course uses beside its glossary`
    reportContents(text, list, at, 'unused-term', reason)
  }
}

/** A term as texts may have it: whole, without its brackets, and what is in them. */
function formsOf(name: string): string[][] {
  const inside = /\(([^()]+)\)/.exec(name)?.[1] ?? ''
  const forms = [name, name.replace(/\([^()]*\)/g, ' '), inside, ...name.split(/ or | \/ /)]
  return [...new Set(forms)].map((form) => termWords(wordsOf(form))).filter((words) => words.length > 0)
}
