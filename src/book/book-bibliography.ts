import type {Bibliography, BibliographyEntry} from '../model/bibliography.ts'
import type {Section} from '../model/section.ts'
import {sourceAnchor} from './link-citations.ts'

/** The bibliography at the end of a book. */
export interface BookBibliography {
  /** Line of its heading in the book, from 1. */
  readonly line: number
  /** The sources that it lists; the first one stands two lines below the heading, each further one on the next line. */
  readonly numbers: readonly number[]
}

/** Titles of the bibliography by language; English where there is none. */
const titles: Readonly<Record<string, string>> = {
  ar: 'المصادر',
  cs: 'Zdroje',
  da: 'Kilder',
  de: 'Quellen',
  el: 'Πηγές',
  en: 'Sources',
  es: 'Fuentes',
  fi: 'Lähteet',
  fr: 'Sources',
  he: 'מקורות',
  hi: 'स्रोत',
  hu: 'Források',
  it: 'Fonti',
  ja: '出典',
  ko: '출처',
  nb: 'Kilder',
  nl: 'Bronnen',
  no: 'Kilder',
  pl: 'Źródła',
  pt: 'Fontes',
  ro: 'Surse',
  ru: 'Источники',
  sv: 'Källor',
  tr: 'Kaynaklar',
  uk: 'Джерела',
  zh: '参考来源',
}

/** The bibliography's lines for a book with these sections: heading, blank line, a list item for each cited source. */
export function bibliographyLines(
  {entries}: Bibliography,
  cited: readonly number[],
  sections: readonly Section[],
  language: string | undefined,
): readonly string[] {
  const wanted = new Set(cited)
  const title = titles[(language ?? 'en').toLowerCase().split('-', 1)[0] ?? 'en'] ?? titles.en
  const items = entries.filter(({number}) => wanted.has(number)).map(entryLine)
  return [`${'#'.repeat(chapterDepth(sections))} ${title}`, '', ...items]
}

/** Depth of the chapters: the shallowest one, below a lone heading that is the title of the whole. */
function chapterDepth(sections: readonly Section[]): number {
  const tops = sections.filter(({depth}) => depth > 0)
  const top = tops.reduce((least, {depth}) => Math.min(least, depth), 6)
  const [only, ...others] = tops.filter(({depth}) => depth === top)
  if (only === undefined) return 1
  const below = only.children.map(({depth}) => depth)
  const next = Math.min(...below)
  return others.length === 0 && below.filter((depth) => depth === next).length > 1 ? next : top
}

function entryLine({number, title, url, licence, date}: BibliographyEntry): string {
  const name = url === undefined ? escapeText(title) : `[${escapeText(title)}](${escapeUrl(url)})`
  const facts = [licence, date].filter((fact) => fact !== undefined).map(escapeText)
  return `- <a id="${sourceAnchor(number)}"></a>\\[${number}\\] ${[name, ...facts].join(', ')}`
}

/** A title as Markdown that is nothing but its words. */
function escapeText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>~|#&]/g, '\\$&')
    .replace(/(?<=:)\/\/|(?<=www)\./gi, '\\$&')
}

function escapeUrl(url: string): string {
  return url.replace(/[()<>"\\`[\]\s]/g, (mark) => encodeURIComponent(mark).replace('(', '%28').replace(')', '%29'))
}

/** A book's text without the bibliography that the program put at its end. */
export function withoutBibliography(text: string): string {
  const lines = text.split('\n')
  let end = lines.length
  while (end > 0 && /^(?:- <a id="source-\d{1,5}"><\/a>.*)?$/.test(lines[end - 1]?.trimEnd() ?? '')) end--
  const hasEntries = lines.slice(end).some((line) => line.trim() !== '')
  return hasEntries && /^#{1,6} /.test(lines[end - 1] ?? '')
    ? `${lines
        .slice(0, end - 1)
        .join('\n')
        .trimEnd()}\n`
    : text
}
