import type {Usage} from '../model/completion.ts'
import type {Request} from '../model/request.ts'

/** What past requests of a course took, to begin from. */
export interface UsageHistory {
  readonly inputTokensPerCharacter?: number
  /** Mean output tokens of a completion. */
  readonly outputTokens?: number
}

/** English prose has about four characters a token in the common encodings. */
const tokensPerCharacter = 0.25
/** Output of a section of about 400 words, before anything is known of the course. */
const firstOutputTokens = 600
/** Least output that is reserved where a request sets no limit of its own. */
const leastCap = 4096
/** Characters that count as already seen at the ratio that the estimates begin with. */
const priorCharacters = 2_000

/** Part that is added to the mean output of one answer, and less with more of them: a few may all have been short. */
const caution = 0.5

/** Tokens with which servers mark a message's bounds, at most. */
const messageTokens = 8

/** Answers that the course's history counts for in the mean. */
const historyAnswers = 5

/** Estimates what requests take in tokens, better with each answer. */
export class UsageEstimator {
  private characters: number
  private inputTokens: number
  private outputTokens: number
  private answers: number
  private mostOutput = 0

  constructor(history: UsageHistory = {}) {
    this.characters = priorCharacters
    this.inputTokens = priorCharacters * (history.inputTokensPerCharacter ?? tokensPerCharacter)
    this.answers = history.outputTokens === undefined ? 0 : historyAnswers
    this.outputTokens = (history.outputTokens ?? 0) * this.answers
  }

  learn(request: Request, usage: Usage): void {
    if (usage.estimated === true) return
    this.characters += charactersOf(request)
    this.inputTokens += usage.inputTokens
    this.outputTokens += usage.outputTokens
    this.answers++
    this.mostOutput = Math.max(this.mostOutput, usage.outputTokens)
  }

  /** What a request will take, rather a little more while little is known. */
  expect(request: Request): Usage {
    const output = this.meanOutput * (1 + caution / Math.sqrt(Math.max(1, this.answers)))
    return {
      inputTokens: Math.ceil(charactersOf(request) * (this.inputTokens / this.characters)),
      outputTokens: Math.ceil(Math.min(request.limits.maxTokens ?? Number.POSITIVE_INFINITY, output)),
      estimated: true,
    }
  }

  /**
   * Output tokens that a request may take at most: its own limit, else a cap that no section of this course has come near;
   * it is sent along where a limit of cost must hold.
   */
  private capOf(request: Request): number {
    return request.limits.maxTokens ?? Math.max(leastCap, 2 * this.mostOutput, 4 * Math.ceil(this.meanOutput))
  }

  /**
   * What a request will take at most, with `capTokens` in place of its own limit: no token is less than a byte, and the
   * bounds of each message are a few more.
   */
  mostOf(request: Request, capTokens = this.capOf(request)): Usage {
    const inputTokens = request.messages.reduce((sum, {content}) => sum + utf8Bytes(content) + messageTokens, 0)
    return {inputTokens, outputTokens: capTokens}
  }

  private get meanOutput(): number {
    return this.answers === 0 ? firstOutputTokens : this.outputTokens / this.answers
  }
}

/** Size in UTF-8; a lone surrogate leaves as U+FFFD. */
function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length
}

function charactersOf(request: Request): number {
  return request.messages.reduce((sum, {content}) => sum + content.length, 0)
}
