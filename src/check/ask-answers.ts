import type {Asked, ContractJob} from './contract.ts'
import {isNegated, promptSentences} from './prompt-sentences.ts'
import {quizStructure} from './quiz-structure.ts'

const asks =
  /\b(?:include|provide|give|add|with|and|supply|show|list|append)\b (?:(?:the|an?|all|their|its|correct|right|short|full|brief|sample|model|detailed) ){0,3}(?:answers?(?! (?:options?|choices?)\b)|solutions?)(?: key)?\b/i

/** Answers, where the directive of a quiz asks for them. */
export function askAnswers({directive, kind}: ContractJob): Asked | undefined {
  if (kind !== 'quiz' || !promptSentences(directive).some((sentence) => asks.test(sentence) && !isNegated(sentence)))
    return undefined
  return {
    expected: 'answers to the questions',
    check: (text) => {
      const {hasAnswers, answers} = quizStructure(text)
      return hasAnswers || answers.length > 0
        ? undefined
        : {message: 'Unexpected quiz without answers, expected an answer to each question'}
    },
  }
}
