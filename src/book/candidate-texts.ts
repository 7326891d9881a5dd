import type {FootnoteDefinition} from 'mdast'
import {eachNode} from '../syntax/each-node.ts'
import {parseMarkdown} from '../syntax/parse-markdown.ts'
import {patchBlocks} from './patch-blocks.ts'
import {type PlacedForm, type TextPlace, unplaceText} from './unplace-text.ts'

const forms: readonly PlacedForm[] = ['blocks', 'items']

/**
 * Texts that may stand in the book as `wanted`, where `text` stands as `placed`; the likeliest first, those that keep
 * what was not changed before others, the text itself last. Which one does, only putting the book together shows.
 */
export function candidateTexts(
  text: string,
  placed: readonly string[],
  wanted: readonly string[],
  place: TextPlace,
): string[] {
  const found = forms.flatMap((form) => {
    const after = unplaceText(wanted, place, form)
    if (after === undefined) return []
    const before = unplaceText(placed, place, form)
    if (before === after) return [text]
    const patched = before === undefined ? undefined : patchBlocks(text, before, after)
    return patched === undefined ? [after] : [patched, after]
  })
  // Where only the look of its lines was changed, the text itself stands as wanted.
  return [...new Set([...found, text])]
}

/** The names that a text's footnotes have in the section file, by those that they have in the book. */
export function footnoteNames(
  text: string,
  placed: readonly string[],
  place: Omit<TextPlace, 'footnotes'>,
): ReadonlyMap<string, string> {
  if (!text.includes('[^')) return new Map()
  const own = footnotesOf(text)
  const inBook = forms
    .map((form) => unplaceText(placed, {...place, footnotes: new Map()}, form))
    .map((read) => (read === undefined ? [] : footnotesOf(read)))
    .find((names) => names.length === own.length)
  return new Map(inBook?.map((name, at) => [name.identifier, own[at]?.label ?? name.identifier]))
}

/** Definitions of footnotes, each name once. */
function footnotesOf(text: string): FootnoteDefinition[] {
  const found = new Map<string, FootnoteDefinition>()
  eachNode(parseMarkdown(text), (node) => {
    if (node.type === 'footnoteDefinition' && !found.has(node.identifier)) found.set(node.identifier, node)
  })
  return [...found.values()]
}
