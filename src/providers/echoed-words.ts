import type {Request} from '../model/request.ts'

/** What directives ask in their author's words, to be found again in an answer. */
export class AskedPrompts {
  private readonly folded: ReadonlySet<string>
  private readonly longest: number

  constructor(prompts: readonly string[]) {
    this.folded = new Set(prompts.map(foldWords))
    this.longest = Math.max(0, ...prompts.map(({length}) => length))
  }

  /** Whether a text says nothing but one of them. Folding takes time, and a much longer text is none. */
  isRepeatedBy(text: string): boolean {
    if (text.length > 2 * this.longest + 100) return false
    const folded = foldWords(text)
    return this.folded.has(folded) || this.folded.has(folded.replace(/^(?:task|prompt) /, ''))
  }
}

/** Whether a text says nothing but what was asked: a directive's prompt, a message of its request or all of them. */
export function isEcho(text: string, {messages}: Request, prompts: AskedPrompts): boolean {
  if (prompts.isRepeatedBy(text)) return true
  const sent = messages.filter(({role}) => role !== 'assistant').map(({content}) => content)
  return [...sent, sent.join('\n')].some(
    ({length}, at, contents) => isAbout(length, text.length) && foldWords(contents[at] as string) === foldWords(text),
  )
}

function isAbout(length: number, other: number): boolean {
  return length <= 2 * other && other <= 2 * length + 100
}

/** A text's letters and digits alone, words apart by one space: marks, quotes and case do not make it another text. */
function foldWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
}
