import type {ChapterSort, OutlineTemplate} from './outline-unit.ts'
import type {Topic, TopicChapter} from './topic-list.ts'

const versus = /\s+(?:vs\.?|versus)\s+/i
const compares =
  /^(?:(?:the )?(?:comparison|differences?|compar(?:ing|ed)))\b(?:\s+(?:of|with|to|between|against))?:?\s*/i
const problems =
  /\b(?:(?:common|known|typical|frequent) (?:issues|problems|errors|mistakes|failures|pitfalls|symptoms)|pitfalls|problems and solutions)\b/i
const listsPoints =
  /\?$|\b(?:benefits?|advantages?|drawbacks?|disadvantages?|characteristics?|strengths?|weaknesses|limitations?|role of|purpose|reasons?|goals|checklist|tips)\b/i

const sorts: readonly (readonly [ChapterSort, RegExp])[] = [
  ['practices', /\b(?:best practices?|recommendations?|guidelines?|tips|do'?s and don'?ts|checklists?)\b/i],
  ['uses', /\b(?:use cases?|uses|scenarios|case studies)\b/i],
  ['comparison', /\b(?:comparisons?|comparing|compared|alternatives|versus|vs\.?)(?=\W|$)/i],
  ['advanced', /\b(?:advanced|deep dives?|internals)\b/i],
  ['troubles', /\b(?:troubleshooting|debugging|common (?:issues|problems|errors)|diagnos\w+)\b/i],
]

/** What a chapter is for, by its title. */
export function sortOf({text}: Pick<TopicChapter, 'text'>): ChapterSort {
  return sorts.find(([, words]) => words.test(text))?.[0] ?? 'plain'
}

/** How a topic is asked for: by its words, and by what it has below it. */
export function topicForm(topic: Topic): OutlineTemplate {
  const {head, children} = topic
  if (sidesOf(topic).length > 1) return 'comparison'
  if (children.length === 0) return 'topic'
  if (problems.test(head)) return 'problems'
  if (children.every(({isNumbered}) => isNumbered) && children.length > 1) return 'steps'
  const areLeaves =
    children.length > 1 && children.every((child) => child.children.length === 0 && child.code.length === 0)
  const sentences = children.filter((child) => child.description === '' && isSentence(child.head)).length
  const isList = sentences * 2 > children.length || (listsPoints.test(head) && children.every(isStatement))
  return areLeaves && isList ? 'points' : 'topic'
}

/** Whether it is a point of a list and no subject of its own. */
function isStatement({description, notes}: Topic): boolean {
  return description === '' && notes.length === 0
}

/** Whether it reads as a sentence and not as a name: of some length, and hardly a word of it with a capital. */
export function isSentence(head: string): boolean {
  const words = head
    .replace(/\([^)]*\)/g, '')
    .trim()
    .split(/\s+/)
  return words.length > 4 && words.slice(1).filter((word) => /^\p{Lu}/u.test(word)).length * 3 < words.length
}

/** What a topic compares: `A` and `B` of `A vs. B`; none where it compares nothing. */
export function sidesOf({head, children}: Pick<Topic, 'head' | 'children'>): string[] {
  // `Standard vs. Express Brokers (Provisioned)` says in parentheses what both are.
  const plain = head.replace(/\s*\([^)]*\)/g, '')
  if (versus.test(plain))
    return plain
      .replace(compares, '')
      .split(versus)
      .filter((side) => side.trim() !== '')
  const rest = compares.test(head) ? head.replace(compares, '') : ''
  if (rest === '' || /^\w+$/.test(head)) return []
  const sides = rest.split(/\s*,\s*(?:and\s+)?|\s+and\s+/).filter((side) => side !== '')
  return sides.length > 1 ? sides : children.length > 0 ? [rest, 'its alternatives'] : []
}
