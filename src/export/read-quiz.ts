import type {BookBlock, BookHeading, BookListItem, BookParagraph, BookPhrasing, BookQuiz} from './book-nodes.ts'
import {dropLead} from './drop-lead.ts'
import {phrasingText} from './plain-text.ts'
import {type AnswerText, answersIn, isAnswerLine, isAnswersTitle, ownAnswer} from './quiz-answers.ts'
import {type DraftOption, optionsIn, trueFalseOptions} from './quiz-options.ts'
import {splitOptionLines} from './split-option-lines.ts'

/** A question while it is read. */
interface DraftQuestion {
  readonly type: 'question'
  /** As the quiz numbers it; undefined where it does not. */
  readonly written: number | undefined
  readonly part: string
  readonly prompt: readonly BookBlock[]
  readonly form: 'choice' | 'true-false' | 'open'
  readonly options: readonly DraftOption[]
  answer: AnswerText | undefined
  /** Headings that went into it. */
  readonly headings: readonly BookHeading[]
}

/** A quiz that was read; `dropped` are its headings that went into questions or are made by the format. */
export interface ReadQuiz {
  readonly quiz: Pick<BookQuiz, 'parts' | 'closing'>
  readonly dropped: readonly BookHeading[]
}

const numbered = /^(?:(?:question|q)\s*(\d{1,3})\s*(?:[.):–—-]\s*|$)|(\d{1,3})\s*[.)]\s+)/i
const questionMark = /[?？؟]["”’)*_]*$/
const partTitle = /^(?:part|section)\s+([A-Z\d])\b/i
const trueOrFalse = /\btrue (?:or|\/) ?false\b|\(\s*(?:true\s*\/\s*false|t\s*\/\s*f)\s*\)|^true\s*\/\s*false/i

/** Reads the blocks of a quiz, whose questions get ids by `idOf`; undefined where it cannot be understood whole. */
export function readQuiz(blocks: readonly BookBlock[], idOf: (number: number) => string): ReadQuiz | undefined {
  const reader = new QuizReader()
  reader.read(splitOptionLines(blocks))
  return reader.finish(idOf)
}

class QuizReader {
  private readonly parts: (DraftQuestion | BookBlock)[] = []
  private readonly questions: DraftQuestion[] = []
  private readonly closing: BookBlock[] = []
  private readonly dropped: BookHeading[] = []
  /** Blocks that may be a question, or stand before one. */
  private pending: BookBlock[] = []
  private part = ''
  private isInAnswers = false

  read(blocks: readonly BookBlock[]): void {
    for (const block of blocks) {
      if (this.isInAnswers) this.takeAnswers(block)
      else this.takeBlock(block)
    }
    this.flush()
  }

  finish(idOf: (number: number) => string): ReadQuiz | undefined {
    const isWhole = this.questions.length > 0 && this.questions.every(isAnswered)
    if (!isWhole) return undefined
    let number = 0
    const parts = this.parts.map((part): BookQuiz['parts'][number] => {
      if (part.type !== 'question') return part
      number++
      const {form, prompt, options, answer} = part
      const letters = new Set(answer?.letters ?? [])
      return {
        type: 'question',
        id: idOf(number),
        number,
        form,
        prompt,
        options: options.map(({letter, children, isMarked}) => ({
          letter,
          isCorrect: letters.has(letter) || isMarked,
          children,
        })),
        explanation: answer?.explanation ?? [],
      }
    })
    return {
      quiz: {parts, closing: this.closing},
      dropped: [...this.dropped, ...this.questions.flatMap(({headings}) => headings)],
    }
  }

  private takeBlock(block: BookBlock): void {
    const title = titleOf(block)
    if (title !== undefined && isAnswersTitle(title) && this.hasQuestions()) {
      this.beginAnswers(block)
      return
    }
    const own = this.questions.at(-1)
    if (own !== undefined && this.pending.length === 0 && this.takeOwnAnswer(own, block)) return
    this.part = title === undefined ? this.part : (partTitle.exec(title)?.[1]?.toUpperCase() ?? this.part)
    if (block.type === 'details' && isAnswersTitle(phrasingText(block.summary)) && this.hasQuestions()) {
      this.flush()
      for (const inner of block.children) this.takeAnswers(inner)
      return
    }
    if (block.type === 'list' && this.takeList(block)) return
    if (this.hasQuestions() && isAnswerLine(leadText(block) ?? '')) {
      this.flush()
      this.takeAnswers(block)
      return
    }
    this.pending.push(block)
  }

  /** Whether anything that was read is a question. */
  private hasQuestions(): boolean {
    return this.questions.length > 0
  }

  private beginAnswers(block: BookBlock): void {
    // A line that sets the answers off says nothing.
    if (this.pending.at(-1)?.type === 'thematicBreak') this.pending.pop()
    this.flush()
    if (block.type === 'heading') this.dropped.push(block)
    this.isInAnswers = true
  }

  /** `**Answer:** B` right behind the options, or in details. */
  private takeOwnAnswer(question: DraftQuestion, block: BookBlock): boolean {
    const answer = ownAnswer(block, question, question.answer !== undefined)
    if (answer === undefined) return false
    const before = question.answer
    question.answer =
      before === undefined
        ? answer
        : {letters: before.letters, explanation: [...before.explanation, ...answer.explanation]}
    return true
  }

  private takeList(list: Extract<BookBlock, {type: 'list'}>): boolean {
    const start = this.questionStart()
    const options = optionsIn(list, start !== undefined)
    if (options !== undefined && this.pending.length > 0) {
      const from = start ?? this.pending.length - 1
      const prompt = this.pending.slice(from)
      this.pending = this.pending.slice(0, from)
      this.flush()
      this.addQuestion(prompt, options)
      return true
    }
    if (!list.isOrdered) return false
    const drafts = list.children.map((item) => readItem(item))
    if (drafts.some((draft) => draft === undefined)) return false
    this.flush()
    drafts.forEach((draft, at) => {
      const question: DraftQuestion = {...(draft as DraftQuestion), written: list.start + at, part: this.part}
      this.questions.push(question)
      this.parts.push(question)
    })
    return true
  }

  /** Where in `pending` the question begins whose options come next. */
  private questionStart(): number | undefined {
    const isStart = (block: BookBlock): boolean => {
      const text = leadText(block)
      return text !== undefined && numbered.test(text)
    }
    const at = this.pending.findLastIndex(isStart)
    if (at !== -1) return at
    const last = this.pending.at(-1)
    return questionMark.test(leadText(last) ?? '') ? this.pending.length - 1 : undefined
  }

  private addQuestion(prompt: readonly BookBlock[], options: readonly DraftOption[]): void {
    const [, named, plain] = numbered.exec(leadText(prompt[0]) ?? '') ?? []
    const written = named ?? plain
    const question: DraftQuestion = {
      type: 'question',
      written: written === undefined ? undefined : Number(written),
      part: this.part,
      prompt: withoutNumber(prompt),
      form: isTrueFalse(options) ? 'true-false' : 'choice',
      options,
      answer: undefined,
      headings: prompt.filter((block) => block.type === 'heading'),
    }
    this.questions.push(question)
    this.parts.push(question)
  }

  private takeAnswers(block: BookBlock): void {
    if (block.type === 'thematicBreak') return
    if (block.type === 'details') {
      for (const inner of block.children) this.takeAnswers(inner)
      return
    }
    const title = titleOf(block)
    const part = partTitle.exec(title ?? '')?.[1]
    const answers = answersIn(block, this.questions)
    if (answers === undefined || answers.some(({question}) => question === undefined)) {
      if (part !== undefined) this.part = part.toUpperCase()
      this.closing.push(block)
      return
    }
    for (const {question, answer} of answers) if (question !== undefined) (question as DraftQuestion).answer = answer
  }

  private flush(): void {
    this.parts.push(...this.pending)
    this.pending = []
  }
}

function isAnswered({form, options, answer}: DraftQuestion): boolean {
  if (form === 'open') return answer !== undefined && answer.explanation.length > 0
  if (options.some(({isMarked}) => isMarked)) return true
  return (
    answer !== undefined &&
    answer.letters.length > 0 &&
    answer.letters.every((letter) => options.some((option) => option.letter === letter))
  )
}

function isTrueFalse(options: readonly DraftOption[]): boolean {
  const texts = options.map(({children: [first]}) =>
    first?.type === 'paragraph' ? phrasingText(first.children).trim().toLowerCase() : '',
  )
  return texts.join('/') === 'true/false'
}

/** A question that is an item of a numbered list, with its options in it. */
function readItem({children}: BookListItem): DraftQuestion | undefined {
  const at = children.findIndex((block) => block.type === 'list')
  const prompt = at === -1 ? children.slice(0, 1) : children.slice(0, at)
  const [first] = prompt
  if (first?.type !== 'paragraph') return undefined
  const text = phrasingText(first.children)
  const list = children[at]
  const listed = list?.type === 'list' ? optionsIn(list, true) : undefined
  if (list !== undefined && listed === undefined) return undefined
  const options = listed ?? (trueOrFalse.test(text) ? trueFalseOptions() : [])
  if (options.length === 0 && !questionMark.test(text.trim())) return undefined
  const question: DraftQuestion = {
    type: 'question',
    written: undefined,
    part: '',
    prompt,
    form: options.length === 0 ? 'open' : isTrueFalse(options) ? 'true-false' : 'choice',
    options,
    answer: undefined,
    headings: [],
  }
  for (const block of children.slice(at === -1 ? 1 : at + 1)) {
    const answer = ownAnswer(block, question, question.answer !== undefined)
    if (answer === undefined) return undefined
    question.answer =
      question.answer === undefined
        ? answer
        : {...question.answer, explanation: [...question.answer.explanation, ...answer.explanation]}
  }
  return question
}

/** Plain text of what may begin a question. */
function leadText(block: BookBlock | undefined): string | undefined {
  if (block?.type === 'paragraph') return phrasingText(block.children).trim()
  return block?.type === 'heading' ? block.title : undefined
}

/** Text of a heading, or of a paragraph that may stand for one. */
function titleOf(block: BookBlock): string | undefined {
  if (block.type === 'heading') return block.title
  if (block.type !== 'paragraph') return undefined
  return block.children[0]?.type === 'strong' ? phrasingText(block.children).trim() : undefined
}

function withoutNumber([first, ...rest]: readonly BookBlock[]): BookBlock[] {
  if (first?.type !== 'paragraph' && first?.type !== 'heading') return first === undefined ? [] : [first, ...rest]
  const text = phrasingText(first.children)
  const count = numbered.exec(text)?.[0].length ?? 0
  const children: BookPhrasing[] = dropLead(first.children, count)
  const trimmed = dropLead(children, /^\s*/.exec(phrasingText(children))?.[0].length ?? 0)
  if (phrasingText(trimmed).trim() === '') return rest
  const paragraph: BookParagraph = {
    type: 'paragraph',
    children: trimmed,
    ...(first.line === undefined ? {} : {line: first.line}),
  }
  return [paragraph, ...rest]
}
