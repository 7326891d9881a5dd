import {toString as nodeText} from 'mdast-util-to-string'
import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'

const inserted =
  /\[(?:insert|todo|tbd|placeholder|fill in|to be (?:added|written|completed|determined)|add (?:your|the|a) )\b[^\]\n]{0,120}\](?!\()|\[your (?:name|company|organi[sz]ation|team|product|course)\b[^\]\n]{0,40}\](?!\()|\blorem ipsum dolor\b/gi
/** What letters and forms leave for the reader to fill in. */
const blank = /^\[(?:your\b|insert (?:your |the )?(?:name|date|amount|address|party|place|number|title|signature))/i
/** Texts that have such blanks. */
const form =
  /\b(?:letters?|e-?mails?|messages?|memos?|forms?|clauses?|contracts?|agreements?|notices?|invitations?|résumés?|resumes?|certificates?|scripts?|speech|statements?|prompts?|worksheets?)\b/i
/** A mark alone, before a colon, or in capitals with what is to be done: Spanish sentences begin with `Todo`. */
const mark =
  /^\(?(?:(?:TBD|TODO|[Tt]bd|[Tt]odo)(?:\)?[.!…]*$|:)|(?:TBD|TODO) (?:[(–—-]|(?:add|check|complete|cover|describe|expand|explain|fill|finish|include|insert|later|update|write)\b)).{0,80}$/
const whole =
  /^(?:\.{3}|…|\[(?:\.{3}|…)\]|(?:\/\/|#)? ?(?:\.{3}|…) ?\(?(?:the )?(?:rest|remainder|remaining)\b.{0,80}|[[(](?:the )?(?:rest|remainder|content|text|section)\b[^\])]*[\])]|(?:content|text) goes here\.?)$/i
/** A model's words for not writing at all; a diary may begin `I cannot sleep`. */
const refusal =
  /^(?:i['’]m sorry,? but|i am sorry,? but|sorry,? but|i apologi[sz]e,? but|unfortunately,? )?[, ]*(?:as an ai(?: (?:language )?model| assistant)?, i\b|i (?:can['’]?t|cannot|am unable to|['’]m unable to|am not able to|['’]m not able to) (?:\w+ )?(?:access|answer|assist|comply|complete|continue|create|discuss|do (?:this|that)|fulfil|generate|help|produce|provide|write)\b)/i
/** Most words of a text that is nothing but a refusal. */
const longestRefusal = 120

/** A text that was written and not left for later: no `[Insert …]`, no `TODO`, no lone ellipsis, no refusal. */
export function askWrittenText({directive}: ContractJob): Asked | undefined {
  // A lesson on such marks shows them.
  if (/\b(?:todo|tbd|lorem ipsum|placeholders?|template)\b|\[insert/i.test(directive.value)) return undefined
  const mayHaveBlanks = form.test(directive.value)
  return {expected: 'a finished text without placeholders', check: (text) => checkWritten(text, mayHaveBlanks)}
}

function checkWritten(text: CheckedText, mayHaveBlanks: boolean): Shortfall | undefined {
  const found = mayHold.test(text.source)
    ? (insertedIn(text.proseWithoutCode, mayHaveBlanks) ?? lonePlaceholder(text.root))
    : undefined
  if (found !== undefined) return {message: `Unexpected placeholder \`${found}\`, expected a finished text`}
  const start = text.source.slice(0, 200).trimStart()
  if (!refusal.test(start) || text.wordCount > longestRefusal) return undefined
  return {message: `Unexpected refusal \`${start.split('\n', 1)[0]?.slice(0, 60)}\`, expected a finished text`}
}

/** Most texts hold nothing of the kind and need no closer look. */
const mayHold = /\[|…|\.\.\.|lorem|todo|tbd|goes here|\((?:the )?(?:rest|remainder|content|text|section)\b/i

function insertedIn(prose: string, mayHaveBlanks: boolean): string | undefined {
  for (const [found] of prose.matchAll(inserted)) if (!mayHaveBlanks || !blank.test(found)) return found
  return undefined
}

function lonePlaceholder(root: CheckedText['root']): string | undefined {
  for (const node of root.children) {
    if (node.type !== 'paragraph') continue
    const text = nodeText(node).trim()
    if (whole.test(text) || mark.test(text)) return text.slice(0, 80)
  }
  return undefined
}
