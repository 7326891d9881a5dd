import type {Root, RootContent} from 'mdast'
import {normaliseLineEnds} from '../model/content-address.ts'
import {canonicalMarkdown, serialiseCanonical} from '../syntax/canonical-markdown.ts'
import {eachNode} from '../syntax/each-node.ts'
import {isParserTrap} from '../syntax/is-parser-trap.ts'
import {readMarkdown} from '../syntax/parse-markdown.ts'
import {closeFences} from './close-fences.ts'
import {dropControlText, dropTerminalSequences} from './control-text.ts'
import {openDetails} from './details-content.ts'
import {dropChatter} from './drop-chatter.ts'
import {dropRepeatedTitle} from './drop-repeated-title.ts'
import {dropThoughts} from './drop-thoughts.ts'
import {closeDepthGaps, dropEmptyHeadings} from './heading-depths.ts'
import {resolveReferences} from './isolate-references.ts'
import {joinSplitLists} from './join-split-lists.ts'
import {makeLists} from './made-lists.ts'
import {makeTables} from './made-tables.ts'
import {fenceMath} from './math-delimiters.ts'
import {showOpenHtml} from './open-html.ts'
import {unwrapOuterFence} from './outer-completion-fence.ts'
import {promoteBold} from './promote-bold.ts'
import type {Repair, RepairId} from './repair.ts'
import {showUntrustedHtml} from './untrusted-html.ts'
import {dropUnsafeLinks} from './untrusted-links.ts'

export interface NormalisedCompletion {
  /** Canonical Markdown whose top headings stand at depth 1; the text of a section file. */
  readonly text: string
  readonly repairs: readonly Repair[]
  /** Whether it ends within a fence that nothing closes, as one that was cut off does. */
  readonly endsInFence?: boolean
}

/** How a completion is normalised beside the titles that it may repeat. */
export interface NormaliseOptions {
  /** Depth at which its shallowest heading is to stand in the book. Default: as the model gave it. */
  readonly depth?: number
  /** Whether it goes into a list item, where headings become leads and bold paragraphs. Default `false`. */
  readonly isInItem?: boolean
  /** Repairs that are not made, for tests of the others. */
  readonly off?: ReadonlySet<RepairId>
}

/**
 * Version of what `normaliseCompletion` gives: raised whenever it gives another text or other repairs for a completion,
 * so that texts made by an older one are normalised again from the store.
 */
export const normaliserVersion = 4

/**
 * Makes a raw completion the text of its section (the book, B2 and B5). `titles` are those that its first heading may
 * repeat: the section's, and the label's in a list item. The same raw text always gives the same bytes.
 */
export function normaliseCompletion(
  raw: string,
  titles: readonly string[],
  options: NormaliseOptions = {},
): NormalisedCompletion {
  const mayShow = options.off?.has('unreadable-completion') !== true
  if (mayShow && (raw.length > maxLength || isParserTrap(raw))) return showAsCode(raw)
  try {
    return normaliseToEnd(raw, titles, options)
  } catch (error) {
    // The parser and the serialiser recurse: nesting that no reader could follow exhausts the stack.
    if (mayShow && error instanceof RangeError) return showAsCode(raw)
    throw error
  }
}

/** Longest completion that is read as Markdown, in UTF-16 units; a long chapter has a tenth of it. */
const maxLength = 400_000

/** The whole text as one block of code: nothing is lost, and nothing of it can reach beyond its section. */
function showAsCode(raw: string): NormalisedCompletion {
  const shown = /^(`{3,}|~{3,})\n([^]*)\n\1\n?$/.exec(raw)?.[2]
  if (shown !== undefined && codeOf(shown) === raw) return {text: raw, repairs: []}
  const text = codeOf(normaliseLineEnds(raw).replace(/\0/g, '').trim())
  return {text, repairs: [{ruleId: 'unreadable-completion', detail: `${raw.length} characters`}]}
}

function codeOf(value: string): string {
  return serialiseCanonical([{type: 'code', lang: null, meta: null, value}])
}

/** Rounds after which a text is taken as it is; few need more than two. */
const maxRounds = 12

/**
 * Mends a text until nothing is left to mend: what one repair takes off, closes or shows may bring forward what another
 * one looks for. A title is taken off once, as a heading of that name further down is no repetition; and what is left
 * of it as a lead stays one.
 */
function normaliseToEnd(raw: string, titles: readonly string[], options: NormaliseOptions): NormalisedCompletion {
  let {text, repairs, endsInFence, hasLead} = normalise(raw, titles, options)
  const off = new Set(options.off)
  for (let round = 1; round < maxRounds; round++) {
    if (repairs.some(({ruleId}) => ruleId === 'repeated-title')) off.add('repeated-title')
    if (hasLead) off.add('bold-heading')
    const next = normalise(text, titles, {...options, off}, true)
    if (next.text === text) break
    text = next.text
    hasLead ||= next.hasLead
    // Depths are on record from the first round: what is read again has its own.
    repairs = [...repairs, ...next.repairs.filter(({ruleId}) => ruleId !== 'shifted-headings')]
  }
  return {text, repairs, ...(endsInFence ? {endsInFence} : {})}
}

interface NormalisedRound extends NormalisedCompletion {
  /** Whether a title was taken off and what stood behind it stays as a lead. */
  readonly hasLead: boolean
}

/** One round; `isCanonical` for a text that an earlier one wrote. */
function normalise(
  raw: string,
  titles: readonly string[],
  options: NormaliseOptions,
  isCanonical = false,
): NormalisedRound {
  const {off, depth} = options
  const repairs: Repair[] = []
  const isOn = (ruleId: RepairId): boolean => off?.has(ruleId) !== true
  /** Mends the text that comes, unless the repair is switched off. */
  const mend = (ruleId: RepairId, text: string, repair: (text: string) => MendedText): string => {
    if (!isOn(ruleId)) return text
    const mended = repair(text)
    repairs.push(...mended.repairs)
    return mended.text
  }
  let text = mend('line-ends', raw, mendLineEnds)
  text = mend('control-text', text, dropControlsOfFile)
  text = mend('control-text', text, dropTerminalSequences)
  text = mend('leaked-thoughts', text, dropThoughts)
  text = mend('outer-completion-fence', text, unwrapOuterFence)
  text = mend('details-content', text, openDetails)
  text = mend('unsafe-html', text, showOpenHtml)
  let read: Root | undefined
  let endsInFence = false
  text = mend('unclosed-completion-fence', text, (open) => {
    const closed = closeFences(open)
    read = closed.root
    endsInFence = closed.isOpenAtEnd
    return closed
  })
  if (repairs.at(-1)?.ruleId === 'unclosed-completion-fence' && text.includes('<')) {
    // What an open fence took in is Markdown only now.
    text = mend('details-content', text, openDetails)
    text = mend('unsafe-html', text, showOpenHtml)
    read = undefined
  }
  text = mend('math-delimiters', text, (plain) => {
    const fenced = fenceMath(plain)
    if (fenced.repairs.length > 0) read = undefined
    return fenced
  })
  const root = read ?? readMarkdown(text)
  resolveReferences(root)
  const types = typesIn(root)
  const change = (ruleId: RepairId, repair: () => Repair[]): void => {
    if (isOn(ruleId)) repairs.push(...repair())
  }
  change('chatter', () => dropChatter(root))
  change('control-text', () => dropControlText(root, text))
  if (types.has('html') || /<\/?llm_prompt\b/i.test(text)) change('unsafe-html', () => showUntrustedHtml(root))
  if (types.has('link') || types.has('image')) change('unsafe-link', () => dropUnsafeLinks(root))
  const leads = new Set<RootContent>()
  change('repeated-title', () => dropRepeatedTitle(root, titles, leads))
  if (types.has('strong') && options.isInItem !== true)
    change('bold-heading', () => promoteBold(root, leads, depth ?? shallowest(root)))
  change('made-list', () => makeLists(root))
  change('made-table', () => makeTables(root))
  // Words about the answer may have stood in one paragraph with options, or in raw HTML that is text now.
  if (repairs.some(({ruleId}) => ruleId === 'made-list' || ruleId === 'unsafe-html'))
    change('chatter', () => dropChatter(root, {keepsHtml: true}))
  if (types.has('list')) change('split-list', () => joinSplitLists(root))
  if (types.has('heading')) change('empty-heading', () => dropEmptyHeadings(root))
  // Depths at which the headings stand in the book are no fault; the file's begin at 1, and assembly shifts them there.
  change('shifted-headings', () => closeDepthGaps(root, options.isInItem === true ? undefined : depth))
  // A canonical text in which nothing was mended would be written as it is; raw HTML is also put in order unmended.
  const isAsItWas = isCanonical && !types.has('html') && repairs.every(({ruleId}) => ruleId === 'shifted-headings')
  const written = isAsItWas ? raw : canonicalMarkdown(serialiseCanonical(root.children))
  return {text: written, repairs, endsInFence, hasLead: leads.size > 0}
}

interface MendedText {
  readonly text: string
  readonly repairs: readonly Repair[]
}

function mendLineEnds(text: string): MendedText {
  const count = text.split('\r').length - 1
  if (count === 0) return {text, repairs: []}
  return {text: normaliseLineEnds(text), repairs: [{ruleId: 'line-ends', detail: `${count} carriage returns`}]}
}

/** A mark of byte order, and null characters, which the parser would replace before the tree could be looked at. */
function dropControlsOfFile(text: string): MendedText {
  const found = [...(text.startsWith('\ufeff') ? ['U+FEFF'] : []), ...(text.includes('\0') ? ['U+0000'] : [])]
  if (found.length === 0) return {text, repairs: []}
  const clean = text.replace(/^\ufeff/, '').replaceAll('\0', '')
  return {text: clean, repairs: [{ruleId: 'control-text', detail: found.join(' ')}]}
}

/** Depth of the shallowest heading, 1 where there is none. */
function shallowest(root: Root): number {
  const depths = root.children.flatMap((node) => (node.type === 'heading' ? [node.depth] : []))
  return depths.length === 0 ? 1 : Math.min(...depths)
}

/** Types of all nodes, so that what looks for one kind need not walk a tree without it. */
function typesIn(root: Root): ReadonlySet<string> {
  const types = new Set<string>()
  eachNode(root, (node) => {
    types.add(node.type)
  })
  return types
}
