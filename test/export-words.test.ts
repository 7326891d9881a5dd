import {strFromU8, unzipSync} from 'fflate'
import {describe, expect, it} from 'vitest'
import {type BookWords, fillWords} from '../src/export/book-words.ts'
import {exportWords, wordLanguages} from '../src/export/export-words.ts'
import {makeExportBook} from '../src/export/make-export-book.ts'
import {writeEpub} from '../src/export/write-epub.ts'
import {writeMdbook} from '../src/export/write-mdbook.ts'
import {writeQuarto} from '../src/export/write-quarto.ts'
import {writeSite} from '../src/export/write-site.ts'
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

  it('are what every format adds to a book', () => {
    const quiz = '## Test yourself\n\n1. Grün?\n   - A) Assam\n   - B) Sencha\n\n**Answers**\n\n1. **B**: Ja.\n'
    const text = `# Tee[^1]\n\n> [!NOTE]\n> Heiß.\n\n| A |\n|---|\n| b |\n\n<details>\n\nMehr.\n\n</details>\n\n## Key Terms\n\n- **Blatt**: Grün.\n\n${quiz}\n[^1]: Ja.\n`
    const book = () => makeExportBook({root: parseBookMarkdown(text), metadata: {language: 'de-AT'}, name: 'tee'})
    const site = writeSite(book(), new Set()).map((file) => file.text)
    const {content} = writeEpub(book(), {answers: 'chapter', images: new Map(), modified: '2026-01-31T00:00:00Z'})
    const epub = Object.values(unzipSync(content)).map((bytes) => strFromU8(bytes))
    const projects = [writeMdbook(book(), 'end'), writeQuarto(book(), 'end')].map((files) =>
      files.map((file) => file.text),
    )
    const english =
      /\b(?:Contents|Glossary|Index|Tables?|Answers?(?!<\/strong>)|Question|Note|Notes|More|Check|Right|Search|Previous|Next|Copy|Cover|Landmarks|Title page|Close|Skip)\b/
    const shown = [
      ...site.filter((file) => file.startsWith('<!doctype')),
      ...epub.filter((file) => file.includes('<html')),
      ...projects.flat(),
    ]
    for (const file of shown) {
      const seen = file.replace(/<style[^]*?<\/style>|data-words="[^"]*"/g, '').replaceAll('Test yourself', '')
      expect(english.exec(seen)?.[0], seen).toBeUndefined()
    }
    expect(site[0]).toContain('<h2 id="ui:contents">Inhalt</h2>')
    expect(shown.join('')).toContain('Antworten: Test yourself')
  })

  it('take values as they are, and leave other braces', () => {
    expect(fillWords('{a} and {b}', {a: '{b}', b: '$&'})).toBe('{b} and $&')
    expect(fillWords('{a} and {toString}', {a: 1})).toBe('1 and {toString}')
  })
})
