import type {BookBlock, BookHeading, BookQuiz} from './book-nodes.ts'
import type {BookParts} from './export-book.ts'
import {readQuiz} from './read-quiz.ts'
import {type SectionKinds, sectionRegions} from './section-regions.ts'
import type {UniqueIds} from './unique-ids.ts'

/** Parts whose quizzes are read, and by the ids of the headings that went into them, the quiz's heading. */
export interface FoundQuizzes extends BookParts {
  readonly moved: ReadonlyMap<string, string>
}

/** Puts quizzes in place of the blocks that they are; what cannot be understood stays as it is. */
export function findQuizzes({frontMatter, chapters}: BookParts, kinds: SectionKinds, ids: UniqueIds): FoundQuizzes {
  const moved = new Map<string, string>()
  let count = 0
  const takePart = (blocks: readonly BookBlock[], own: BookHeading | undefined, chapter: number): BookBlock[] => {
    const made: BookBlock[] = []
    let at = 0
    for (const {heading, kind, start, end} of sectionRegions(blocks, own, kinds)) {
      if (kind !== 'quiz' || start < at) continue
      const base = `quiz-${count + 1}`
      const read = readQuiz(blocks.slice(start, end), (number) => {
        const free = ids.takeNumber(number, (at) => [`${base}-q${at}`, `${base}-q${at}-answer`])
        return `${base}-q${free}`
      })
      if (read === undefined) continue
      count++
      const line = blocks[start]?.line
      const quiz: BookQuiz = {
        type: 'quiz',
        id: ids.take(base),
        title: heading.title,
        headingId: heading.id,
        chapter,
        ...read.quiz,
        ...(line === undefined ? {} : {line}),
      }
      for (const {id} of read.dropped) moved.set(id, heading.id)
      made.push(...blocks.slice(at, start), quiz)
      at = end
    }
    return [...made, ...blocks.slice(at)]
  }
  return {
    frontMatter: {...frontMatter, children: takePart(frontMatter.children, undefined, -1)},
    chapters: chapters.map((chapter, at) => ({...chapter, children: takePart(chapter.children, chapter.heading, at)})),
    moved,
  }
}
