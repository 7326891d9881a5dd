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

/** The book that the right answers give. */
export function courseBook(count: number, edition: string): string {
  const sections = courseIds(count).map((id) => `## Part ${id}\n\n${answerTo({id, edition})}\n`)
  return `# Course\n\nWords of the author.\n\n${sections.join('\n')}`
}
