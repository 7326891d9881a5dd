import type {BookBlock, BookParagraph, BookPhrasing} from './book-nodes.ts'
import {dropLead} from './drop-lead.ts'
import {phrasingText} from './plain-text.ts'

/** What a quiz says of the answer to a question. */
export interface AnswerText {
  /** Upper case; none for an open question. */
  readonly letters: readonly string[]
  readonly explanation: readonly BookBlock[]
}

/** What of a question its answer is read by. */
interface Asked {
  readonly written: number | undefined
  readonly part: string
  readonly form: 'choice' | 'true-false' | 'open'
}

interface FoundAnswer {
  readonly question: Asked | undefined
  readonly answer: AnswerText
}

const answersTitle =
  /^(?:(?:show|see|view|click for|reveal) )?(?:the )?(?:correct )?(?:answers?|solutions?)(?: key)?(?: (?:and|&|with) explanations?)?\s*:?$|^answer key\b/i
/** Answers and solutions in other languages that exports have words in, one and several. */
const answerWords = [
  'antwort(?:en)?|lösung(?:en)?|réponses?|corrigés?|respuestas?|soluci(?:ón|ones)|rispost[ae]|soluzion[ei]',
  'respostas?|soluç(?:ão|ões)|antwoord(?:en)?|odpowied(?:ź|zi)|ответы?|відповід[ьі]|yanıt(?:lar)?|cevap(?:lar)?',
  '解答|答え|回答|答案|정답|해답|الإجابات|الإجابة|תשובות|תשובה|پاسخ\u200c?ها|پاسخ',
].join('|')
const otherTitle = new RegExp(`^(?:${answerWords})\\s*[:：]?$`, 'iu')
const ownLead = new RegExp(
  `^[^\\p{L}\\p{N}]{0,4}(?:(?:the )?(?:correct )?(?:answer|solution|correct(?: option| choice)?)(?: is)?|${answerWords})\\s*[:：–—-]?\\s*`,
  'iu',
)
const explanationLead = /^(?:explanation|why|rationale|reason)\s*[:.–—-]\s*/i
const letters =
  /^\(?([A-H]|[a-h](?=[.):,;–—-]|\s*$|\s[–—(-]))\)?((?:\s*(?:,|and|&|\+|\/)\s*\(?[A-H]\)?(?![\p{L}\p{N}]))*)(?![\p{L}\p{N}'’&+#])\s*[.):,;–—-]*\s*/u
const truth = /^(true|false)\b\s*[.):,;–—-]*\s*/i
const number = /^(?:question|q)?\s*(\d{1,3})\s*[.):–—-]*\s*/i
const keyTitle =
  /^(?:part\s+([A-Z\d])\s*:?\s*)?(?:(?:the )?(?:correct )?(?:answers?|solutions?)(?: key)?\s*[:–—-]\s*)?/i
const keyPair =
  /(?:question |q)?(\d{1,3})\s*[-–—.:)=]*\s*\(?([A-Ha-h])\)?(?![\p{L}\p{N}])(?:\s*\(([^()]*)\))?[\s,;.|·•]*/iuy

/** Whether a title says that answers come. */
export function isAnswersTitle(title: string): boolean {
  return answersTitle.test(title.trim()) || otherTitle.test(title.trim())
}

/** Whether a paragraph is the answers in one line: `Answer key: 1-A, 2-B`. */
export function isAnswerLine(text: string): boolean {
  return /^(?:the )?(?:correct )?(?:answers?|solutions?)(?: key)?\s*[:–—-]\s*(?:q(?:uestion)?\s*)?\d/i.test(text.trim())
}

/** The answer that stands right behind its question; `isBegun` where a block of it was read already. */
export function ownAnswer(block: BookBlock, asked: Pick<Asked, 'form'>, isBegun: boolean): AnswerText | undefined {
  if (block.type === 'details') {
    const summary = phrasingText(block.summary)
    if (!/answer|solution|explanation|reveal|show/i.test(summary) && !otherTitle.test(summary.trim())) return undefined
    const [first, ...rest] = block.children
    if (first === undefined || numberedLead(first)) return undefined
    const answer = first.type === 'paragraph' ? answerOf(withoutLead(first), asked) : undefined
    return answer === undefined ? undefined : {...answer, explanation: [...answer.explanation, ...rest]}
  }
  if (block.type !== 'paragraph') return undefined
  const text = phrasingText(block.children)
  if (isBegun && explanationLead.test(text)) return {letters: [], explanation: [block]}
  const lead = ownLead.exec(text)?.[0]
  if (lead === undefined || !/[:：–—-]\s*$|\bis\s*$/.test(lead)) return undefined
  return answerOf({...block, children: dropLead(block.children, lead.length)}, asked)
}

function numberedLead(block: BookBlock): boolean {
  return (
    block.type === 'list' ||
    (block.type === 'paragraph' && /^(?:q(?:uestion)?\s*)?\d/i.test(phrasingText(block.children)))
  )
}

function withoutLead(block: BookParagraph): BookParagraph {
  const lead = ownLead.exec(phrasingText(block.children))?.[0] ?? ''
  return {...block, children: dropLead(block.children, lead.length)}
}

/** What a paragraph says of a question's answer: letters or a truth, then why. */
function answerOf(block: BookParagraph, {form}: Pick<Asked, 'form'>): AnswerText | undefined {
  const text = phrasingText(block.children)
  if (form === 'open') return {letters: [], explanation: [block]}
  const judged = form === 'true-false' ? truth.exec(text) : null
  const match = judged ?? letters.exec(text)
  if (match === null) return undefined
  const [whole, first = '', more = ''] = match
  const found = judged === null ? [first, ...(more.match(/[A-H]/g) ?? [])] : [/^t/i.test(first) ? 'A' : 'B']
  const rest = dropLead(block.children, whole.length)
  const explanation = phrasingText(rest).trim() === '' ? [] : [{...block, children: rest}]
  return {letters: found.map((letter) => letter.toUpperCase()), explanation}
}

/** The answers that a block among the answers gives; undefined where it gives none. */
export function answersIn(block: BookBlock, questions: readonly Asked[]): FoundAnswer[] | undefined {
  if (block.type === 'paragraph') {
    const one = numberedAnswer(block, [], questions)
    return keyAnswers(phrasingText(block.children), questions) ?? (one === undefined ? undefined : [one])
  }
  if (block.type !== 'list') return undefined
  const found = block.children.map(({children: [first, ...rest]}, at): FoundAnswer | undefined => {
    if (first?.type !== 'paragraph') return undefined
    if (!block.isOrdered) return numberedAnswer(first, rest, questions)
    const question = byNumber(block.start + at, questions)
    const answer = question === undefined ? undefined : answerOf(withoutLead(first), question)
    return answer === undefined
      ? undefined
      : {question, answer: {...answer, explanation: [...answer.explanation, ...rest]}}
  })
  return found.every((one) => one !== undefined) ? found : undefined
}

function numberedAnswer(
  block: BookParagraph,
  rest: readonly BookBlock[],
  questions: readonly Asked[],
): FoundAnswer | undefined {
  const match = number.exec(phrasingText(block.children))
  if (match === null) return undefined
  const question = byNumber(Number(match[1]), questions)
  if (question === undefined) return undefined
  const answer = answerOf(withoutLead({...block, children: dropLead(block.children, match[0].length)}), question)
  return answer === undefined
    ? undefined
    : {question, answer: {...answer, explanation: [...answer.explanation, ...rest]}}
}

/** `1-A, 2-B (because), 3-C`, and nothing else. */
function keyAnswers(text: string, questions: readonly Asked[]): FoundAnswer[] | undefined {
  const [lead = '', part] = keyTitle.exec(text) ?? []
  const own = part === undefined ? questions : questions.filter((question) => question.part === part.toUpperCase())
  const found: FoundAnswer[] = []
  let at = lead.length
  while (at < text.length) {
    keyPair.lastIndex = at
    const match = keyPair.exec(text)
    if (match === null) return undefined
    at = keyPair.lastIndex
    const [, written, letter = '', why = ''] = match
    const children: BookPhrasing[] = [{type: 'text', value: why}]
    found.push({
      question: byNumber(Number(written), own),
      answer: {letters: [letter.toUpperCase()], explanation: why === '' ? [] : [{type: 'paragraph', children}]},
    })
  }
  return found.length === 0 ? undefined : found
}

/** The question of a number: as it is written where all are numbered, else by its place. */
function byNumber(wanted: number, questions: readonly Asked[]): Asked | undefined {
  const named = questions.filter(({written}) => written === wanted)
  if (named.length > 0) return named.length === 1 ? named[0] : undefined
  return questions.every(({written}) => written === undefined) ? questions[wanted - 1] : undefined
}
