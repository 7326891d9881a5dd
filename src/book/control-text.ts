import type {Code, Root} from 'mdast'
import {eachNode} from '../syntax/each-node.ts'
import {parseMarkdown} from '../syntax/parse-markdown.ts'
import {decodeReferences} from './decode-references.ts'
import type {Repair} from './repair.ts'

// C0 but tab and line feed, DEL, C1, bidirectional marks, overrides and isolates, zero-width characters, marks of
// interlinear notes, tag characters.
// Joiners stay between letters and pictographs, where scripts and emoji need them.
const pattern =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: single code points are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|(?<![\p{L}\p{M}\p{Extended_Pictographic}\ufe0f\u{1f3fb}-\u{1f3ff}])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}\p{Extended_Pictographic}])/gu

/** Any of the characters, joiners included, or a reference to one, without a look at what is beside it. */
const mayHold =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\udb40]|&[#A-Za-z]/

/**
 * Takes characters off that show nothing or turn the direction of the text, outside code. `source` is the Markdown that
 * `root` was read from.
 */
export function dropControlText(root: Root, source: string): Repair[] {
  if (!mayHold.test(source)) return []
  const found = new Set<string>()
  const clean = (value: string): string =>
    value.replace(pattern, (character) => {
      found.add(`U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`)
      return ''
    })
  eachNode(root, (node) => {
    if (node.type === 'text') node.value = clean(node.value)
    else if (node.type === 'html') node.value = clean(decodeReferences(node.value, (one) => mayHold.test(one)))
    else if (node.type === 'code') cleanFence(node, clean)
    else if (node.type === 'link' || node.type === 'definition' || node.type === 'image') {
      node.url = clean(node.url)
      if (typeof node.title === 'string') node.title = clean(node.title)
      if (node.type === 'image' && typeof node.alt === 'string') node.alt = clean(node.alt)
    }
  })
  return found.size === 0 ? [] : [{ruleId: 'control-text', detail: [...found].slice(0, 8).join(' ')}]
}

/** The words behind a fence name the language and are no code. */
function cleanFence(node: Code, clean: (value: string) => string): void {
  if (typeof node.lang === 'string') node.lang = clean(node.lang) || null
  if (typeof node.meta === 'string') node.meta = clean(node.meta) || null
}

/** What a terminal takes as colours, movements and links: `ESC [ … m`, `ESC ] … ESC \\`. */
const sequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  /(?:\u001b\[|\u009b)[0-?]{0,40}[ -/]{0,4}[@-~]|\u001b\][^\u0007\u001b\n]{0,2000}(?:\u0007|\u001b\\)|\u001b[()][0-9A-Z]|\u001b[=>78cDEHM]/g

/** Takes the sequences off that steer a terminal, whole, where code does not stand. */
export function dropTerminalSequences(text: string): {text: string; repairs: Repair[]} {
  if (!text.includes('\u001b') && !text.includes('\u009b')) return {text, repairs: []}
  const code = codeRanges(parseMarkdown(text))
  let count = 0
  const clean = text.replace(sequence, (found, at: number) => {
    if (code.some(({start, end}) => start <= at && at < end)) return found
    count++
    return ''
  })
  if (count === 0) return {text, repairs: []}
  return {text: clean, repairs: [{ruleId: 'control-text', detail: `${count} sequences of a terminal`}]}
}

function codeRanges(root: Root): {start: number; end: number}[] {
  const ranges: {start: number; end: number}[] = []
  eachNode(root, ({type, position}) => {
    if (type === 'code' || type === 'inlineCode')
      ranges.push({start: position?.start.offset ?? 0, end: position?.end.offset ?? 0})
  })
  return ranges
}
