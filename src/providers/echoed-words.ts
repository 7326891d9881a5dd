import type {Request} from '../model/request.ts'

/** What directives ask in their author's words, to be found again in an answer. */
export class AskedPrompts {
  /** Prompts by what they begin with; made when the first answer is there. */
  private byStart: ReadonlyMap<string, readonly string[]> | undefined
  /** Prompts with a beginning that an answer had too, folded whole. */
  private readonly folded = new Map<string, ReadonlySet<string>>()

  constructor(private readonly prompts: readonly string[]) {}

  /** Whether a text says nothing but one of them. */
  isRepeatedBy(text: string): boolean {
    const own = text.replace(/^[^\p{L}\p{N}]*(?:task|prompt)(?![\p{L}\p{N}])/iu, '')
    return (own === text ? [text] : [text, own]).some((each) => this.foldedLike(each)?.has(foldWords(each)) === true)
  }

  /** The folded prompts that begin as a text does; undefined where none does. */
  private foldedLike(text: string): ReadonlySet<string> | undefined {
    this.byStart ??= groupByStart(this.prompts)
    const start = startOf(text)
    const known = this.folded.get(start)
    const alike = this.byStart.get(start)
    if (known !== undefined || alike === undefined) return known
    const folded = new Set(alike.map(foldWords))
    this.folded.set(start, folded)
    return folded
  }
}

function groupByStart(prompts: readonly string[]): Map<string, string[]> {
  const byStart = new Map<string, string[]>()
  for (const prompt of prompts) {
    const start = startOf(prompt)
    const known = byStart.get(start)
    if (known === undefined) byStart.set(start, [prompt])
    else known.push(prompt)
  }
  return byStart
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
  const start = foldWords(text.slice(0, 100))
  // Where it was cut, a character may have lost what belongs to it.
  return (start.length > 40 ? start : foldWords(text.slice(0, 400))).slice(0, 30)
}

/** A text's letters and digits alone, words apart by one space: marks, quotes and case do not make it another text. */
function foldWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
}
