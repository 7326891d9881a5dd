import type {BookWords} from './book-words.ts'
import {ar} from './words/ar.ts'
import {de} from './words/de.ts'
import {en} from './words/en.ts'
import {es} from './words/es.ts'
import {fa} from './words/fa.ts'
import {fr} from './words/fr.ts'
import {he} from './words/he.ts'
import {it} from './words/it.ts'
import {ja} from './words/ja.ts'
import {ko} from './words/ko.ts'
import {nl} from './words/nl.ts'
import {pl} from './words/pl.ts'
import {pt} from './words/pt.ts'
import {ru} from './words/ru.ts'
import {tr} from './words/tr.ts'
import {uk} from './words/uk.ts'
import {zh} from './words/zh.ts'

/** By the language alone: regions and scripts share their words. */
const languages = new Map<string, BookWords>(
  Object.entries({ar, de, en, es, fa, fr, he, it, ja, ko, nl, pl, pt, ru, tr, uk, zh}),
)

/** The languages that exports have words in, by their tags. */
export const wordLanguages: readonly string[] = [...languages.keys()]

/** The words that exports add to a book in a language, by its tag (`de`, `pt-BR`); English ones where there are none. */
export function exportWords(language: string): BookWords {
  return languages.get(baseLanguage(language)) ?? en
}

/** Whether exports have words in a language. */
export function hasExportWords(language: string): boolean {
  return languages.has(baseLanguage(language))
}

function baseLanguage(language: string): string {
  return (language.split('-')[0] ?? '').toLowerCase()
}
