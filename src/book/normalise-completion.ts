import type {Code, Root} from 'mdast'
import {normaliseLineEnds} from '../model/content-address.ts'
import {canonicalMarkdown, serialiseCanonical} from '../syntax/canonical-markdown.ts'
import {eachNode} from '../syntax/each-node.ts'
import {readMarkdown} from '../syntax/parse-markdown.ts'
import {dropControlText} from './control-text.ts'
import {dropChatter} from './drop-chatter.ts'
import {dropRepeatedTitle} from './drop-repeated-title.ts'
import {dropThoughts} from './drop-thoughts.ts'
import {closeDepthGaps, dropEmptyHeadings} from './heading-depths.ts'
import {resolveReferences} from './isolate-references.ts'
import {makeLists} from './made-lists.ts'
import {unwrapOuterFence} from './outer-completion-fence.ts'
import type {Repair} from './repair.ts'
import {showUntrustedHtml} from './untrusted-html.ts'
import {dropUnsafeLinks} from './untrusted-links.ts'

export interface NormalisedCompletion {
  /** Canonical Markdown whose top headings stand at depth 1; the text of a section file. */
  readonly text: string
  readonly repairs: readonly Repair[]
}

/**
 * Makes a raw completion the text of its section (the book, B2 and B5). `titles` are those that its first heading may
 * repeat: the section's, and the label's in a list item. The same raw text always gives the same bytes.
 */
export function normaliseCompletion(raw: string, titles: readonly string[]): NormalisedCompletion {
  if (isUnreadable(raw)) return showAsCode(raw)
  try {
    return normalise(raw, titles)
  } catch (error) {
    // The parser and the serialiser recurse: nesting that no reader could follow exhausts the stack.
    if (error instanceof RangeError) return showAsCode(raw)
    throw error
  }
}

/** Longest completion that is read as Markdown, in UTF-16 units; a long chapter has a tenth of it. */
const maxLength = 400_000

/** Whether reading a text as Markdown would take for ever: nested by the hundred, or nothing but opening brackets. */
function isUnreadable(text: string): boolean {
  return (
    text.length > maxLength ||
    /^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])){50}/m.test(text) ||
    /^[ \t]{200,}(?:[-*+]|\d{1,9}[.)])[ \t]/m.test(text) ||
    (holdsMany(text) && /(?:!?\[){100}|(?:[*_]{1,3}\S{0,3}){400}|(?:<\?|<!){100}/.test(text))
  )
}

/** Whether there are enough brackets or marks of emphasis at all. */
function holdsMany(text: string): boolean {
  let count = 0
  for (const mark of ['*', '_', '[', '<'])
    for (let at = text.indexOf(mark); at !== -1 && count < 100; at = text.indexOf(mark, at + 1)) count++
  return count === 100
}

/** The whole text as one block of code: nothing is lost, and nothing of it can reach beyond its section. */
function showAsCode(raw: string): NormalisedCompletion {
  const value = normaliseLineEnds(raw).replace(/\0/g, '').trim()
  const text = serialiseCanonical([{type: 'code', lang: null, meta: null, value}])
  return {text, repairs: [{ruleId: 'unreadable-completion', detail: `${raw.length} characters`}]}
}

function normalise(raw: string, titles: readonly string[]): NormalisedCompletion {
  const spoken = dropThoughts(
    normaliseLineEnds(raw)
      .replace(/^\ufeff/, '')
      .replaceAll('\0', ''),
  )
  const unwrapped = unwrapOuterFence(spoken.text)
  const root = readMarkdown(unwrapped.text)
  resolveReferences(root)
  const types = typesIn(root)
  const repairs: Repair[] = [
    ...spoken.repairs,
    ...unwrapped.repairs,
    ...(types.has('code') ? findUnclosedFence(root, unwrapped.text) : []),
    ...dropChatter(root),
    ...(raw.includes('\0') ? [{ruleId: 'control-text' as const, detail: 'U+0000'}] : []),
    ...dropControlText(root, unwrapped.text),
    ...(types.has('html') ? showUntrustedHtml(root) : []),
    ...(types.has('link') || types.has('image') ? dropUnsafeLinks(root) : []),
    ...dropRepeatedTitle(root, titles),
    ...makeLists(root),
  ]
  // Depths as the model gave them are no fault: its headings stand where the prompt asked, or are shifted there.
  if (types.has('heading')) {
    dropEmptyHeadings(root)
    closeDepthGaps(root)
  }
  return {text: canonicalMarkdown(serialiseCanonical(root.children)), repairs}
}

/** Types of all nodes, so that what looks for one kind need not walk a tree without it. */
function typesIn(root: Root): ReadonlySet<string> {
  const types = new Set<string>()
  eachNode(root, (node) => {
    types.add(node.type)
  })
  return types
}

/** The parser closes a fence at the end of the text; this tells whether it had to. A regular text leaves none open. */
function findUnclosedFence(root: Root, text: string): Repair[] {
  let found: Code | undefined
  eachNode(root, (node) => {
    if (node.type !== 'code' || node.position === undefined) return
    const source = text.slice(node.position.start.offset, node.position.end.offset)
    const marks = /^(`{3,}|~{3,})/.exec(source)?.[1]
    if (marks === undefined) return
    const lastLine =
      source
        .trimEnd()
        .split('\n')
        .slice(1)
        .at(-1)
        ?.replace(/^[>\s]+/, '')
        .trim() ?? ''
    const isClosed = lastLine.length >= marks.length && [...lastLine].every((character) => character === marks[0])
    if (!isClosed) found = node
  })
  return found === undefined ? [] : [{ruleId: 'unclosed-completion-fence', detail: found.lang ?? 'code'}]
}
