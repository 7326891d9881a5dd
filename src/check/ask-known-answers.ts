import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'
import {quizStructure} from './quiz-structure.ts'

/** Each answer of a quiz is one of its question's options. */
export function askKnownAnswers({kind}: ContractJob): Asked | undefined {
  return kind === 'quiz' ? {expected: 'answers that are among the options', check: checkAnswers} : undefined
}

function checkAnswers(text: CheckedText): Shortfall | undefined {
  const {groups, answers} = quizStructure(text)
  const numbers = answers.flatMap(({number}) => (number === undefined ? [] : [number]))
  // Numbers can be followed only where they run from the first question to the last.
  const isNumbered = numbers.length === groups.length && numbers.every((number, at) => number === at + 1)
  const wrong = answers.flatMap(({number, groupsBefore, letter}) => {
    if (number !== undefined && !isNumbered) return []
    const place = number ?? groupsBefore
    const group = groups[place - 1]
    // Of `True` and `False` without letters, an F is the second.
    const isTrueOrFalse = group?.isLettered === false && group.letters.length === 2 && letter === 'f'
    return group === undefined || isTrueOrFalse || group.letters.includes(letter)
      ? []
      : [`${letter.toUpperCase()} to question ${place}`]
  })
  if (wrong.length === 0) return undefined
  const noun = wrong.length === 1 ? 'answer' : 'answers'
  return {message: `Unexpected ${noun} ${wrong.join(', ')}, expected one of the options`, count: wrong.length}
}
