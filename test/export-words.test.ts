import {describe, expect, it} from 'vitest'
import {type BookWords, fillWords} from '../src/export/book-words.ts'
import {exportWords, wordLanguages} from '../src/export/export-words.ts'
import {makeExportBook} from '../src/export/make-export-book.ts'
import {parseBookMarkdown} from '../src/syntax/parse-markdown.ts'

const english = exportWords('en')
const braces = (word: string): string[] => [...word.matchAll(/\{\w+\}/g)].map(([name]) => name).sort()
const findings = (language?: string): string[] =>
  makeExportBook({
    root: parseBookMarkdown('# One\n'),
    metadata: language === undefined ? {} : {language},
    name: 'one',
  }).findings.map(({ruleId}) => ruleId)

describe('words of exports', () => {
  it.each(wordLanguages)('are whole in %s, with the same values to fill in', (language) => {
    const words = exportWords(language)
    for (const [name, word] of Object.entries(words) as [keyof BookWords, string][]) {
      expect(word.trim(), name).not.toBe('')
      expect(braces(word), name).toEqual(braces(english[name]))
    }
  })

  it('are of the language whatever the region or script', () => {
    expect(exportWords('pt-BR')).toBe(exportWords('pt'))
    expect(exportWords('zh-Hant-TW')).toBe(exportWords('zh'))
    expect(exportWords('de').contents).toBe('Inhalt')
  })

  it('are English for a language that they lack, which is said', () => {
    expect(exportWords('sv')).toBe(english)
    for (const language of ['sv', 'English', 'no language']) expect(findings(language)).toEqual(['untranslated-words'])
    for (const language of [undefined, 'en-GB', 'ja']) expect(findings(language)).toEqual([])
  })

  it('take values as they are, and leave other braces', () => {
    expect(fillWords('{a} and {b}', {a: '{b}', b: '$&'})).toBe('{b} and $&')
    expect(fillWords('{a} and {toString}', {a: 1})).toBe('1 and {toString}')
  })
})
