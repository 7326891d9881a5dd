import {answerTo, wordPrompt} from './known-answer.ts'

/** Ids of the directives of a course with so many: `p01`, `p02`, … */
export function courseIds(count: number): string[] {
  return Array.from({length: count}, (_, index) => `p${String(index + 1).padStart(2, '0')}`)
}

/** An outline with one section per directive; each edition words every prompt anew. */
export function courseOutline(count: number, edition: string): string {
  const sections = courseIds(count).map(
    (id) => `## Part ${id}\n\n<prompt id="${id}">${wordPrompt({id, edition})}</prompt>\n`,
  )
  return `# Course\n\nWords of the author.\n\n${sections.join('\n')}`
}

/** The book that the right answers of an edition give, or the texts that a function gives. */
export function courseBook(count: number, texts: string | ((id: string) => string)): string {
  const textOf = typeof texts === 'string' ? (id: string) => answerTo({id, edition: texts}) : texts
  const sections = courseIds(count).map((id) => `## Part ${id}\n\n${textOf(id)}\n`)
  return `# Course\n\nWords of the author.\n\n${sections.join('\n')}`
}
