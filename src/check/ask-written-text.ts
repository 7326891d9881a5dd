import {toString as nodeText} from 'mdast-util-to-string'
import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'

const inserted =
  /\[(?:insert|todo|tbd|placeholder|fill in|to be (?:added|written|completed|determined)|add (?:your|the|a) )\b[^\]\n]{0,120}\](?!\()|\[your (?:name|company|organi[sz]ation|team|product|course)\b[^\]\n]{0,40}\](?!\()|\blorem ipsum dolor\b/i
const whole =
  /^(?:\.{3}|…|\[(?:\.{3}|…)\]|\(?(?:tbd|todo)\b:?.{0,80}|(?:\/\/|#)? ?(?:\.{3}|…) ?\(?(?:the )?(?:rest|remainder|remaining)\b.{0,80}|[[(](?:the )?(?:rest|remainder|content|text|section)\b[^\])]*[\])]|(?:content|text) goes here\.?)$/i
/** A model's words for not writing at all. */
const refusal =
  /^(?:i['’]m sorry,? but|i am sorry,? but|sorry,? but|i apologi[sz]e,? but|unfortunately,? )?[, ]*(?:as an ai\b|i (?:can['’]?t|cannot|am unable to|['’]m unable to|am not able to|['’]m not able to)\b)/i
/** Most words of a text that is nothing but a refusal. */
const longestRefusal = 120

/** A text that was written and not left for later: no `[Insert …]`, no `TODO`, no lone ellipsis, no refusal. */
export function askWrittenText({directive}: ContractJob): Asked | undefined {
  // A lesson on such marks shows them.
  if (/\b(?:todo|tbd|lorem ipsum|placeholders?|template)\b|\[insert/i.test(directive.value)) return undefined
  return {expected: 'a finished text without placeholders', check: checkWritten}
}

function checkWritten(text: CheckedText): Shortfall | undefined {
  const found = mayHold.test(text.source)
    ? (inserted.exec(text.proseWithoutCode)?.[0] ?? lonePlaceholder(text.root))
    : undefined
  if (found !== undefined) return {message: `Unexpected placeholder \`${found}\`, expected a finished text`}
  const start = text.source.slice(0, 200).trimStart()
  if (!refusal.test(start) || text.wordCount > longestRefusal) return undefined
  return {message: `Unexpected refusal \`${start.split('\n', 1)[0]?.slice(0, 60)}\`, expected a finished text`}
}

/** Most texts hold nothing of the kind and need no closer look. */
const mayHold = /\[|…|\.\.\.|lorem|todo|tbd|goes here|\((?:the )?(?:rest|remainder|content|text|section)\b/i

function lonePlaceholder(root: CheckedText['root']): string | undefined {
  for (const node of root.children) {
    if (node.type !== 'paragraph') continue
    const text = nodeText(node).trim()
    if (whole.test(text)) return text.slice(0, 80)
  }
  return undefined
}
