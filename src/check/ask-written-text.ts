import {toString as nodeText} from 'mdast-util-to-string'
import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'

const inserted =
  /\[(?:insert|todo|tbd|placeholder|fill in|to be (?:added|written|completed|determined)|add (?:your|the|a) )\b[^\]\n]{0,120}\](?!\()|\blorem ipsum dolor\b/i
const whole =
  /^(?:\.{3}|…|\[(?:\.{3}|…)\]|\(?(?:tbd|todo)\b:?.{0,80}|\[(?:rest|remainder|content|text|section)\b[^\]]*\]|(?:content|text) goes here\.?)$/i

/** A text that was written and not left for later: no `[Insert …]`, no `TODO`, no lone ellipsis. */
export function askWrittenText({directive}: ContractJob): Asked | undefined {
  // A lesson on such marks shows them.
  if (/\b(?:todo|tbd|lorem ipsum|placeholders?|template)\b|\[insert/i.test(directive.value)) return undefined
  return {expected: 'a finished text without placeholders', check: checkWritten}
}

function checkWritten({root, prose, source}: CheckedText): Shortfall | undefined {
  const found = mayHold.test(source) ? (inserted.exec(prose)?.[0] ?? lonePlaceholder(root)) : undefined
  return found === undefined ? undefined : {message: `Unexpected placeholder \`${found}\`, expected a finished text`}
}

/** Most texts hold nothing of the kind and need no closer look. */
const mayHold = /\[|…|\.\.\.|lorem|todo|tbd|goes here/i

function lonePlaceholder(root: CheckedText['root']): string | undefined {
  for (const node of root.children) {
    if (node.type !== 'paragraph') continue
    const text = nodeText(node).trim()
    if (whole.test(text)) return text.slice(0, 80)
  }
  return undefined
}
