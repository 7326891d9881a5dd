import {termWords} from '../syntax/term-words.ts'
import {wordsOf} from '../syntax/words-of.ts'
import {escapeHtml} from './escape-html.ts'
import type {GlossaryEntry} from './export-book.ts'

/** Most words of a term that is looked for in texts. */
const mostWords = 5

interface Word {
  readonly key: string
  readonly start: number
  readonly end: number
}

/** Finds the glossary's terms in running text; made once for a site. */
export class SiteTerms {
  private readonly byFirstWord = new Map<string, {readonly words: readonly string[]; readonly entry: GlossaryEntry}[]>()
  private readonly keys = new Map<string, string>()

  constructor(glossary: readonly GlossaryEntry[]) {
    for (const entry of glossary) {
      const words = termWords(wordsOf(entry.term))
      const [first] = words
      if (first === undefined || words.length > mostWords) continue
      const others = this.byFirstWord.get(first) ?? []
      this.byFirstWord.set(
        first,
        [...others, {words, entry}].sort((a, b) => b.words.length - a.words.length),
      )
    }
  }

  /** What marks the first place of each term on a page; `terms` grows by those that were marked. */
  page(urlOf: (entry: GlossaryEntry) => string): {readonly terms: Set<GlossaryEntry>; mark(text: string): string} {
    const terms = new Set<GlossaryEntry>()
    return {terms, mark: (text) => this.mark(text, terms, urlOf)}
  }

  private mark(text: string, terms: Set<GlossaryEntry>, urlOf: (entry: GlossaryEntry) => string): string {
    const words = this.wordsIn(text)
    let html = ''
    let done = 0
    for (let at = 0; at < words.length; at++) {
      const found = this.findAt(text, words, at, terms)
      if (found === undefined) continue
      const {start} = words[at] as Word
      const {end} = words[at + found.length - 1] as Word
      const {id} = found.entry
      terms.add(found.entry)
      html += `${escapeHtml(text.slice(done, start))}<a class="term" href="${escapeHtml(urlOf(found.entry))}" aria-describedby="ui:tip-${escapeHtml(id)}">${escapeHtml(text.slice(start, end))}</a>`
      done = end
      at += found.length - 1
    }
    return html + escapeHtml(text.slice(done))
  }

  private findAt(
    text: string,
    words: readonly Word[],
    at: number,
    terms: ReadonlySet<GlossaryEntry>,
  ): {readonly entry: GlossaryEntry; readonly length: number} | undefined {
    const first = words[at] as Word
    for (const {words: wanted, entry} of this.byFirstWord.get(first.key) ?? []) {
      const last = words[at + wanted.length - 1]
      if (last === undefined || terms.has(entry)) continue
      if (!wanted.every((word, place) => words[at + place]?.key === word)) continue
      const written = text.slice(first.start, last.end)
      if (/[.,;:!?()]\s/.test(written)) continue
      // `IT` is a term and `it` is none.
      if (/\p{Lu}/u.test(entry.term) && entry.term === entry.term.toUpperCase() && !/^\P{Ll}+s?$/u.test(written))
        continue
      return {entry, length: wanted.length}
    }
    return undefined
  }

  private wordsIn(text: string): Word[] {
    const words: Word[] = []
    for (const match of text.matchAll(/[\p{L}\p{N}\p{M}+#'’]+/gu)) {
      const key = this.keyOf(match[0])
      if (key !== '') words.push({key, start: match.index, end: match.index + match[0].length})
    }
    return words
  }

  private keyOf(word: string): string {
    let key = this.keys.get(word)
    if (key === undefined) {
      key = termWords(wordsOf(word)).join(' ')
      this.keys.set(word, key)
    }
    return key
  }
}
