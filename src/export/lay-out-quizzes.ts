import type {BookBlock, BookQuiz} from './book-nodes.ts'
import {answerBlocks, questionBlocks} from './quiz-blocks.ts'

/** Where the answers of quizzes stand: behind each quiz, at the end of its chapter, or at the end of the book. */
export type AnswerPlace = 'inline' | 'chapter' | 'end'

/** A part's blocks with its quizzes as ordinary blocks, and the quizzes whose answers stand elsewhere. */
export interface LaidOutQuizzes {
  readonly blocks: BookBlock[]
  readonly later: BookQuiz[]
}

/** Turns quizzes into ordinary blocks, for formats that show them as text. */
export function layOutQuizzes(blocks: readonly BookBlock[], answers: AnswerPlace): LaidOutQuizzes {
  const later: BookQuiz[] = []
  const laid = blocks.flatMap((block): BookBlock[] => {
    if (block.type !== 'quiz') return [block]
    if (answers !== 'inline') later.push(block)
    return [...questionBlocks(block), ...(answers === 'inline' ? answerBlocks(block) : [])]
  })
  return {blocks: laid, later}
}
