import {diff3MergeRegions} from 'node-diff3'
import {itemLikeness, likeness} from './align-items.ts'
import {isComparable} from './change-ranges.ts'
import type {Versions} from './merge-sequences.ts'

/** Merges three versions of a line of words; undefined where both sides changed the same words, or one changed most of them. */
export function mergeWords({base, author, fresh}: Versions<string>): string | undefined {
  if (author === fresh || fresh === base) return author
  if (author === base) return fresh
  const item = (key: string): {sort: string; key: string} => ({sort: '', key})
  // Of a line that was written anew, single words that are in both say nothing of where the author's belong.
  if ([author, fresh].some((side) => itemLikeness(item(base), item(side)) < likeness)) return undefined
  // Each word goes with the space behind it, and the last one gets a space too.
  const tokens = (text: string): string[] => `${text} `.match(/\S+\s*|^\s+/g) ?? []
  return mergeTokens({base: tokens(base), author: tokens(author), fresh: tokens(fresh)})
    ?.join('')
    .slice(0, -1)
}

/** Merges three versions of a text line by line; undefined where both sides changed the same lines or ones next to them. */
export function mergeLines({base, author, fresh}: Versions<string>): string | undefined {
  const lines = (text: string): string[] => text.split('\n')
  return mergeTokens({base: lines(base), author: lines(author), fresh: lines(fresh)})?.join('\n')
}

function mergeTokens({base, author, fresh}: Versions<string[]>): string[] | undefined {
  if (!isComparable(base, author) || !isComparable(base, fresh) || !isComparable(author, fresh)) return undefined
  const merged: string[] = []
  for (const region of diff3MergeRegions(author, base, fresh)) {
    if (region.stable) {
      merged.push(...region.bufferContent)
      continue
    }
    const {aContent, bContent, oContent} = region
    if (isSame(aContent, bContent) || isSame(bContent, oContent)) merged.push(...aContent)
    else if (isSame(aContent, oContent)) merged.push(...bContent)
    else return undefined
  }
  return merged
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((token, at) => token === other[at])
}
