import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'
import {promptSentences} from './prompt-sentences.ts'
import {quizStructure} from './quiz-structure.ts'
import {type CountBounds, describeBounds, readBounds} from './read-bounds.ts'

/** Source of a pattern for what a quiz counts. */
export const questionNoun =
  '(?:questions|items|question(?= (?:multiple[ -]choice )?(?:quiz|test|exam|self-assessment)))'

/** As many questions as the directive of a quiz names. */
export function askQuestions({directive, kind}: ContractJob): Asked | undefined {
  if (kind !== 'quiz') return undefined
  const bounds = readBounds(promptSentences(directive), questionNoun)
  if (bounds === undefined || bounds.max < 2) return undefined
  const expected = `${describeBounds(bounds)} questions`
  return {expected, check: (text) => checkQuestions(text, bounds, expected)}
}

function checkQuestions(text: CheckedText, {min, max}: CountBounds, expected: string): Shortfall | undefined {
  const {groups, questions} = quizStructure(text)
  const lettered = groups.filter(({isLettered}) => isLettered).length
  // Models write quizzes in many forms: the count is wrong when it is by every way of counting.
  const counts = [lettered, groups.length, questions, orderedItems(text)].filter((count) => count > 0)
  const isTable = text.nodes('table').length > 0
  if (isTable || counts.some((count) => count >= min && count <= max)) return undefined
  const count = lettered > 0 ? lettered : Math.max(0, ...counts)
  if (count === 0 && (text.nodes('list').length > 0 || /[?？]/.test(text.source))) return undefined
  const missing = count < min ? min - count : count - max
  return {
    message: `Unexpected ${count} ${count === 1 ? 'question' : 'questions'}, expected ${expected}`,
    count: missing,
  }
}

/** Items of the numbered lists at the top: of several, the first may be the questions and another the answers. */
function orderedItems({root}: CheckedText): number {
  const [first] = root.children.filter((node) => node.type === 'list' && node.ordered === true)
  return first?.type === 'list' ? first.children.length : 0
}
