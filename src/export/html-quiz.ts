import type {BookBlock, BookQuiz, QuizOption, QuizQuestion} from './book-nodes.ts'
import {fillWords} from './book-words.ts'
import {escapeHtml} from './escape-html.ts'
import type {HtmlContext} from './html-context.ts'
import {phrasingHtml} from './html-phrasing.ts'
import {correctLabels} from './quiz-blocks.ts'

type WriteBlocks = (blocks: readonly BookBlock[]) => string

/**
 * A quiz that works without a script: every question is a group of buttons to choose from, with its answer folded
 * behind it. The site's script adds what checks and counts.
 */
export function quizHtml(quiz: BookQuiz, context: HtmlContext, write: WriteBlocks): string {
  const parts = quiz.parts.map((part) =>
    part.type === 'question' ? questionHtml(part, context, write) : write([part]),
  )
  const closing =
    quiz.closing.length === 0
      ? ''
      : `<details class="answer"><summary>${escapeHtml(context.words.moreOnAnswers)}</summary>\n${write(quiz.closing)}</details>\n`
  return `<div class="quiz" id="${escapeHtml(quiz.id)}" role="group" aria-labelledby="${escapeHtml(quiz.headingId)}">\n${parts.join('')}${closing}</div>\n`
}

function questionHtml(question: QuizQuestion, context: HtmlContext, write: WriteBlocks): string {
  const {id, number, form, prompt, options, explanation} = question
  const {words} = context
  const [first, ...rest] = prompt
  const isText = first?.type === 'paragraph'
  const lead = isText ? ` ${phrasingHtml(first.children, context)}` : ''
  const below = write(isText ? rest : prompt)
  const isMany = options.filter(({isCorrect}) => isCorrect).length > 1
  const several = isMany ? `<p class="hint">${escapeHtml(words.several)}</p>\n` : ''
  const choices = options.map((option) => optionHtml(question, option, isMany, context, write)).join('')
  const right = correctLabels(question).join(', ')
  const [before = '', behind = ''] = words.correct.split('{answer}')
  const named = `${escapeHtml(before)}<strong>${escapeHtml(right)}</strong>${escapeHtml(behind)}`
  const answer = right === '' ? '' : `<p class="right-answer">${named}</p>\n`
  return `<fieldset class="question" id="${escapeHtml(id)}" data-form="${form}">
<legend><span class="number">${escapeHtml(fillWords(words.question, {number}))}.</span>${lead}</legend>
${below}${several}${choices === '' ? '' : `<div class="options">\n${choices}</div>\n`}<details class="answer" id="${escapeHtml(id)}-answer"><summary>${escapeHtml(words.answer)}</summary>
${answer}${write(explanation)}</details>
</fieldset>
`
}

function optionHtml(
  {id, form}: QuizQuestion,
  {letter, isCorrect, children}: QuizOption,
  isMany: boolean,
  context: HtmlContext,
  write: WriteBlocks,
): string {
  const type = isMany ? 'checkbox' : 'radio'
  const mark = isCorrect ? ' data-right' : ''
  const shown = form === 'true-false' ? '' : `<span class="letter">${escapeHtml(letter)}</span> `
  const input = `<input type="${type}" name="${escapeHtml(id)}" value="${escapeHtml(letter)}"${mark}`
  const [first, ...rest] = children
  if (first?.type === 'paragraph' && rest.length === 0)
    return `<label class="option">${input}><span>${shown}${phrasingHtml(first.children, context)}</span></label>\n`
  const label = `ui:${id}-${letter}`
  return `<div class="option">${input} aria-labelledby="${escapeHtml(label)}"><div id="${escapeHtml(label)}">${shown}${write(children)}</div></div>\n`
}
