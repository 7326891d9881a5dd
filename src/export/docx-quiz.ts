import type {BookQuiz, QuizQuestion} from './book-nodes.ts'
import {fillWords} from './book-words.ts'
import {listIndent} from './docx-numbering.ts'
import {paragraphXml} from './docx-paragraph.ts'
import {placeLink} from './docx-phrasing.ts'
import {bookmarkXml} from './docx-places.ts'
import {textRun} from './docx-run.ts'
import type {BlockPlace, DocxWriter} from './docx-writer.ts'
import {correctLabels} from './quiz-blocks.ts'

/** A question with its options, and a link to its answer. */
export function questionXml(question: QuizQuestion, writer: DocxWriter, place: BlockPlace): string {
  const {id: key, number, form, prompt, options} = question
  const {places, words} = writer.context
  const name = bookmarkXml(places.place(`question:${key}`))
  const asked = writer.blocks(prompt, {...place, lead: {runs: `${name}${textRun(`${number}. `, {isBold: true})}`}})
  const inner = {...writer.within(place, listIndent), style: 'QuizOption'}
  const offered = options.map(({letter, children}) => {
    const mark = form === 'true-false' ? '' : textRun(`${letter}) `)
    return writer.blocks(children, {...inner, lead: {runs: mark}})
  })
  const isAnswered = places.bookmark(`answer:${key}`) !== undefined
  const link = isAnswered ? placeLink(`answer:${key}`, fillWords(words.answerTo, {number}), writer.context) : ''
  return asked + offered.join('') + (link === '' ? '' : paragraphXml(link, {indent: place.indent, style: 'ToAnswer'}))
}

/** The answers of a quiz, each linked with its question. */
export function answersXml({parts, closing}: BookQuiz, writer: DocxWriter, place: BlockPlace): string {
  const inline = {...place, answers: 'inline' as const}
  const rows = parts.map((part) => {
    if (part.type !== 'question') return ''
    const {places} = writer.context
    const name = bookmarkXml(places.place(`answer:${part.id}`))
    const number = placeLink(`question:${part.id}`, `${part.number}.`, writer.context)
    const right = correctLabels(part).join(', ')
    const runs = `${name}${number}${textRun(' ')}${right === '' ? '' : textRun(`${right} `, {isBold: true})}`
    return writer.blocks(part.explanation, {...inline, lead: {runs}})
  })
  return rows.join('') + writer.blocks(closing, inline)
}
