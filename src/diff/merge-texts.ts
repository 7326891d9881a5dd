import type {RootContent} from 'mdast'
import {canonicalMarkdown} from '../syntax/canonical-markdown.ts'
import {serialiseMarkdown} from '../syntax/serialise-markdown.ts'
import {type BlockItem, BlockMerger, blocksOf, type MergeConflict} from './merge-blocks.ts'
import type {Versions} from './merge-sequences.ts'

/** A merged text, or what stands in its way. */
export type MergedTexts =
  | {readonly type: 'clean'; readonly text: string}
  | {readonly type: 'conflicts'; readonly conflicts: readonly MergeConflict[]}

/**
 * Merges what an author made of a text with a newer version of it. Wrapping, white space and a formatter's taste count
 * as no change, and where only one side changed a block it stands as that side has it.
 */
export function mergeTexts({base, author, fresh}: Versions<string>): MergedTexts {
  const form = (text: string): string => canonicalMarkdown(text, {lists: 'tight'})
  const own = form(author)
  const next = form(fresh)
  if (own === next) return {type: 'clean', text: author}
  const before = form(base)
  if (next === before) return {type: 'clean', text: author}
  if (own === before) return {type: 'clean', text: fresh}
  const blocks = {base: blocksOf(base), author: blocksOf(author), fresh: blocksOf(fresh)}
  const merger = new BlockMerger(definitionsOf([...blocks.fresh, ...blocks.author, ...blocks.base]))
  const merged = merger.blocks(blocks)
  if (merger.conflicts.length > 0) return {type: 'conflicts', conflicts: merger.conflicts}
  const text = join(merged)
  if (text !== undefined) return {type: 'clean', text}
  const whole = {sort: 'root', line: 1, base, author, fresh}
  return {type: 'conflicts', conflicts: [whole]}
}

/** Link and footnote definitions, each label once. */
function definitionsOf(blocks: readonly BlockItem[]): string {
  const byLabel = new Map<string, string>()
  for (const {node, source} of blocks) {
    if (node.type !== 'definition' && node.type !== 'footnoteDefinition') continue
    const label = `${node.type} ${node.identifier}`
    if (!byLabel.has(label)) byLabel.set(label, source ?? '')
  }
  return [...byLabel.values()].join('\n\n')
}

/** The blocks as one text: as they stand in theirs where that reads the same, else written anew; undefined where neither does. */
function join(blocks: readonly BlockItem[]): string | undefined {
  const keys = blocks.map(({key}) => key)
  const reads = (text: string): boolean => {
    const found = blocksOf(text)
    return found.length === keys.length && found.every(({key}, at) => key === keys[at])
  }
  const standing = blocks.map(({node, source}) => source ?? write([node])).join('\n\n')
  if (reads(standing)) return standing
  const written = write(blocks.map(({node}) => node))
  return reads(written) ? written : undefined
}

function write(nodes: readonly RootContent[]): string {
  return canonicalMarkdown(serialiseMarkdown(nodes))
}
