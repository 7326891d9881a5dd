import type {List, ListItem, RootContent} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import type {CheckedText} from './checked-text.ts'

/** Options of one question of a quiz, in their order. */
export interface OptionGroup {
  /** Letters in lower case; those that stand before the options, else by their places. */
  readonly letters: readonly string[]
  readonly isLettered: boolean
}

/** An answer as the quiz gives it. */
export interface QuizAnswer {
  /** Number of the question that it names, from 1; undefined where it stands right behind the options. */
  readonly number?: number
  /** How many groups of options stand before it. */
  readonly groupsBefore: number
  readonly letter: string
}

/** What of a quiz can be told by its form. */
export interface QuizStructure {
  readonly groups: readonly OptionGroup[]
  /** Blocks that end with a question mark, or are numbered as questions are, before the answers begin. */
  readonly questions: number
  readonly answers: readonly QuizAnswer[]
  /** Whether anything in it speaks of answers. */
  readonly hasAnswers: boolean
}

const structures = new WeakMap<CheckedText, QuizStructure>()

/** Reads the form of a quiz, once per text. */
export function quizStructure(text: CheckedText): QuizStructure {
  const known = structures.get(text)
  if (known !== undefined) return known
  const reader = new QuizReader()
  reader.read(text.root.children)
  const {groups, questions, answers, hasAnswers} = reader
  const structure = {
    groups,
    questions,
    answers,
    hasAnswers: hasAnswers || speaksOfAnswers.test(text.source.replace(questionLine, '')),
  }
  structures.set(text, structure)
  return structure
}

/** `Which statement is correct?` gives no answer. */
const questionLine = /^.*[?？]["”’)*_]*[ \t]*$/gm
/** Words for answers, also where the course is in another language than its directives, and marks of the right option. */
const speaksOfAnswers =
  /\banswers?\b|\bcorrect|\bsolutions?\b|\bresponses?\b|\bkey:|\bantwort|\blösung|\brichtig|\bréponse|\bcorrigé|\brespuesta|\bsoluci|\brispost|\bsoluzion|\bcorrett|\brespost|\bantwoord|\bsvar|\bodpowied|ответ|答|정답|[✓✔✅☑]|\[x\]|^[ \t>*_-]*A\d{0,2}\s*[*_]{0,3}:/im

const answersTitle =
  /^(?:the )?(?:correct )?(?:answers?|solutions?)(?: key)?(?: and explanations?)?:?$|^answer key\b|^part [A-Z\d][:.]/i
const optionMark = /^\(?([A-Ha-h])[.)]\s/
const questionMark = /[?？]["”’)*_]*$/
const questionNumber = /^(?:question|q)\s*\d{1,2}\b/i
const numbered =
  /^(?:question |q)?(\d{1,2})\s*[.:)–—-]*\s*\(?([A-H]|[a-h](?=[.):,;–—-]|\s*$|\s[–—(-]))\)?(?![\p{L}\p{N}'’/&+-])/iu
const lettered = /^\(?([A-H]|[a-h](?=[.):]|\s*$))\)?(?=[.):,;]|\s*$|\s[–—(-])/
const answered =
  /^(?:[Tt]he )?(?:[Cc]orrect )?(?:[Aa]nswer|[Cc]orrect(?: option| choice)?)(?: is)?\s*[:–—-]\s*\(?([A-H]|[a-h](?=[.):,]|\s*$))\)?(?![\p{L}\p{N}'’/&+#-])/u
const keyTitle = /^(?:the )?(?:correct )?(?:answers?|solutions?)(?: key)?\s*[:–—-]\s*/i
/** `1-A, 2. B` and so on, and nothing else; each mark has one way to match, for keys are long. */
const key = /^(?:(?:q|question )?\d{1,2}[\s\-–—.:)=]*\(?[a-h]\)?(?:[\s,;.|·•]+|$))+$/i
const keyPair = /(\d{1,2})[\s\-–—.:)=]*\(?([a-h])\)?(?![\p{L}\p{N}])/giu

class QuizReader {
  readonly groups: OptionGroup[] = []
  readonly answers: QuizAnswer[] = []
  questions = 0
  hasAnswers = false
  private isInAnswers = false
  /** Whether the block just read may be a question whose options come next. */
  private isAfterQuestion = false

  read(blocks: readonly RootContent[]): void {
    for (const node of blocks) {
      if (node.type === 'list') this.readList(node)
      else if (node.type === 'heading' || node.type === 'paragraph') this.readBlock(node)
      else if (node.type === 'blockquote') this.read(node.children as RootContent[])
    }
  }

  private readBlock(node: RootContent): void {
    const text = nodeText(node, {includeHtml: false}).trim()
    if (this.noteKey(text)) return
    if (answersTitle.test(text)) {
      this.isInAnswers = this.groups.length > 0 || this.questions > 0
      this.hasAnswers ||= this.isInAnswers
      return
    }
    this.noteAnswer(text, node)
    if (this.isInAnswers) return
    if (questionMark.test(text) || questionNumber.test(text)) this.questions++
    this.isAfterQuestion = true
  }

  private readList(list: List): void {
    const texts = list.children.map(ownText)
    if (this.isInAnswers) {
      texts.forEach((text, at) => {
        this.noteListAnswer(text, list, at)
      })
      return
    }
    const letters = texts.map((text) => optionMark.exec(text)?.[1]?.toLowerCase())
    const isLettered = letters.length > 1 && letters.every((letter) => letter !== undefined)
    const isPlain = this.isAfterQuestion && list.children.length > 1 && list.ordered !== true && texts.every(isOption)
    if (isLettered || isPlain) {
      const byPlace = texts.map((_, at) => String.fromCharCode(97 + at))
      this.groups.push({letters: isLettered ? (letters as string[]) : byPlace, isLettered})
      this.isAfterQuestion = false
      return
    }
    for (const item of list.children) this.read(item.children as RootContent[])
  }

  /** Reads `Answer key: 1-A, 2-B`; false where the text is none. */
  private noteKey(text: string): boolean {
    const title = keyTitle.exec(text)?.[0]
    const pairs = title === undefined ? '' : text.slice(title.length)
    if (this.groups.length === 0 || !key.test(pairs)) return false
    const groupsBefore = this.groups.length
    for (const [, number, letter = ''] of pairs.matchAll(keyPair))
      this.answers.push({number: Number(number), groupsBefore, letter: letter.toLowerCase()})
    return true
  }

  private noteAnswer(text: string, node: RootContent): void {
    const groupsBefore = this.groups.length
    const own = answered.exec(text)?.[1] ?? loneLetter(node)
    if (own !== undefined && groupsBefore > 0 && !this.isInAnswers)
      this.answers.push({groupsBefore, letter: own.toLowerCase()})
    if (!this.isInAnswers) return
    const [, number, letter] = numbered.exec(text) ?? []
    if (letter !== undefined) this.answers.push({number: Number(number), groupsBefore, letter: letter.toLowerCase()})
  }

  private noteListAnswer(text: string, list: List, at: number): void {
    const groupsBefore = this.groups.length
    const [, number, letter] = numbered.exec(text) ?? []
    if (letter !== undefined) this.answers.push({number: Number(number), groupsBefore, letter: letter.toLowerCase()})
    else if (list.ordered === true) {
      const own = lettered.exec(text)?.[1]
      if (own !== undefined)
        this.answers.push({number: (list.start ?? 1) + at, groupsBefore, letter: own.toLowerCase()})
    }
  }
}

/** Text of an item's first block: what is nested in it is no part of an option. */
function ownText({children}: ListItem): string {
  const [first] = children
  return first === undefined ? '' : nodeText(first, {includeHtml: false}).trim()
}

function isOption(text: string): boolean {
  return !questionMark.test(text) && text !== ''
}

/** The letter of `**B.** because …`. */
function loneLetter(node: RootContent): string | undefined {
  if (node.type !== 'paragraph' || node.children[0]?.type !== 'strong') return undefined
  return /^\(?([A-H])[.):]*$/.exec(nodeText(node.children[0]))?.[1]
}
