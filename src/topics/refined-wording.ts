import {declaredDepth} from '../syntax/declared-depth.ts'
import {recogniseKind} from '../syntax/recognise-kind.ts'
import {wordsOf} from '../syntax/words-of.ts'
import type {DirectiveUnit} from './outline-unit.ts'

const directive = /<directive id="([^"<>]*)">([^]*?)<\/directive>/g

/** The wordings that an answer gives, by id; of an id that stands twice the first. */
export function readWordings(answer: string): Map<string, string> {
  const wordings = new Map<string, string>()
  for (const [, id = '', text = ''] of answer.matchAll(directive)) {
    if (!wordings.has(id)) wordings.set(id, text.replace(/\r\n?/g, '\n').trim())
  }
  return wordings
}

/** Directives in the form in which a request gives them and an answer brings them back. */
export function formatWordings(prompts: readonly (readonly [id: string, prompt: string])[]): string {
  return prompts.map(([id, prompt]) => `<directive id="${id}">${prompt}</directive>`).join('\n\n')
}

/** How much longer than the template's a wording may be, and how many characters more at least. */
const mostGrowth = 2.5
const leastRoom = 400

/**
 * Why a wording cannot stand for the template's; undefined where it may. It keeps the declared depth, what makes the
 * directive's kind, its points, and all that is named in code or quotes.
 */
export function wordingFault(unit: DirectiveUnit, prompt: string, wording: string): string | undefined {
  if (wording === '') return 'it is empty'
  if (wording.length > Math.max(prompt.length * mostGrowth, prompt.length + leastRoom)) return 'it is too long'
  if (/<\/?\s*[\w-]*(?:prompt|directive)\b/i.test(wording)) return 'it holds a tag'
  if (/(?![\n\t])[\p{Cc}\u200b\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u.test(wording))
    return 'it holds a control character'
  if (declaredDepth(wording) !== unit.values.level) return `it does not name heading level ${unit.values.level}`
  const kindOf = (text: string): string => recogniseKind({title: unit.title, prompt: text, isBlock: !unit.isItem})
  if (kindOf(wording) !== kindOf(prompt)) return `it no longer asks for ${unit.kind}`
  if (unit.isItem && !/\bbullet point\b/i.test(wording)) return 'it does not ask for a bullet point'
  const lost = lostPart(unit, prompt, wording)
  return lost === undefined ? undefined : `it leaves out \`${lost}\``
}

/** The first part of a prompt that a wording does not have. */
function lostPart({values}: DirectiveUnit, prompt: string, wording: string): string | undefined {
  const {topic, chapter} = values
  const named = [...prompt.matchAll(/`([^`\n]+)`/g)].map(([whole]) => whole)
  const verbatim = [...named, ...topic.points.split('\n'), topic.code].filter((part) => part.trim() !== '')
  const lostText = verbatim.find((part) => !wording.includes(part))
  if (lostText !== undefined) return lostText.trim()
  let from = 0
  for (const point of topic.points === '' ? [] : topic.points.split('\n')) {
    const at = wording.indexOf(point, from)
    if (at < 0) return point.trim()
    from = at + point.length
  }
  const words = new Set(wordsOf(wording))
  const titles = values.related.length > 0 && prompt.includes("'") ? quotedIn(prompt) : []
  const parts = [
    topic.name,
    topic.description,
    topic.notes,
    ...titles,
    prompt.includes(chapter.notes) ? chapter.notes : '',
  ]
  const whole = topic.name === '' ? [chapter.title] : []
  return [...parts, ...whole].find((part) => wordsOf(part).some((word) => !words.has(word)))
}

function quotedIn(prompt: string): string[] {
  return [...prompt.matchAll(/(?<![\p{L}\p{N}])'([^'\n]+)'(?![\p{L}\p{N}])/gu)].map(([, text = '']) => text)
}
