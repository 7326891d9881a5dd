import type {Request} from '../model/request.ts'

/** What directives ask in their author's words, to be found again in an answer. */
export class AskedPrompts {
  private readonly folded: ReadonlySet<string>
  private readonly starts: ReadonlySet<string>

  constructor(prompts: readonly string[]) {
    this.folded = new Set(prompts.map(foldWords))
    this.starts = new Set(prompts.map(startOf))
  }

  /** Whether a text says nothing but one of them. */
  isRepeatedBy(text: string): boolean {
    const own = text.replace(/^[^\p{L}\p{N}]*(?:task|prompt)(?![\p{L}\p{N}])/iu, '')
    return [text, own].some((each) => this.starts.has(startOf(each)) && this.folded.has(foldWords(each)))
  }
}

/** Whether a text says nothing but what was asked: a directive's prompt, a message of its request or all of them. */
export function isEcho(text: string, {messages}: Request, prompts: AskedPrompts): boolean {
  if (prompts.isRepeatedBy(text)) return true
  const sent = messages.filter(({role}) => role !== 'assistant').map(({content}) => content)
  const start = startOf(text)
  return [...sent, sent.join('\n')].some(
    (content) => startOf(content) === start && foldWords(content) === foldWords(text),
  )
}

/** Letters and digits that a text begins with: texts that differ in them need not be folded whole, which takes time. */
function startOf(text: string): string {
  return foldWords(text.slice(0, 400)).slice(0, 30)
}

/** A text's letters and digits alone, words apart by one space: marks, quotes and case do not make it another text. */
function foldWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
}
