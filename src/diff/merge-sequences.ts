import {type AlignItem, type Alignment, alignItems, itemLikeness, likeness} from './align-items.ts'

/** Three versions of something: as it was, as an author made it, as it was written anew. */
export interface Versions<Part> {
  readonly base: Part
  readonly author: Part
  readonly fresh: Part
}

/** What merging items of one sort asks. */
export interface ItemMerger<Item> {
  /** Merges an item that both sides changed; undefined, and told elsewhere, where they are at odds. */
  merge(versions: Versions<Item>): Item | undefined
  /** Told of items that one side took out or put in while the other changed the same place. */
  conflict(versions: Versions<readonly Item[]>): void
}

/**
 * Merges three versions of a sequence item by item. Where both sides are at odds the author's items stand in the result
 * and the merger is told.
 */
export function mergeSequences<Item extends AlignItem>(
  {base, author, fresh}: Versions<readonly Item[]>,
  merger: ItemMerger<Item>,
): Item[] {
  const sides = {author: alignItems(base, author), fresh: alignItems(base, fresh)}
  const merged: Item[] = []
  for (let at = 0; at <= base.length; at++) {
    merged.push(...mergePut(at, base, sides, merger))
    const item = base[at]
    if (item === undefined) continue
    merged.push(...mergeItem(item, sides.author.became[at], sides.fresh.became[at], merger))
  }
  return merged
}

interface Sides<Item> {
  readonly author: Alignment<Item>
  readonly fresh: Alignment<Item>
}

/** Items that were put in before an item of the base, by one side or both. */
function mergePut<Item extends AlignItem>(
  at: number,
  base: readonly Item[],
  {author, fresh}: Sides<Item>,
  merger: ItemMerger<Item>,
): readonly Item[] {
  const own = author.put[at] ?? []
  const other = fresh.put[at] ?? []
  if (own.length === other.length && own.every(({key}, number) => key === other[number]?.key)) return own
  const isClean = (other.length === 0 && hasPlace(at, base, fresh)) || (own.length === 0 && hasPlace(at, base, author))
  if (isClean) return own.length > 0 ? own : other
  merger.conflict({base: [], author: own, fresh: other})
  return own
}

/** Whether something next to a place of the base is still there on a side, so that what is put there stands where it was meant. */
function hasPlace<Item extends AlignItem>(at: number, base: readonly Item[], {became}: Alignment<Item>): boolean {
  if (base.length === 0) return true
  return [at - 1, at].some((near) => {
    const item = base[near]
    const now = became[near]
    return item !== undefined && now !== undefined && itemLikeness(item, now) >= likeness
  })
}

function mergeItem<Item extends AlignItem>(
  base: Item,
  author: Item | undefined,
  fresh: Item | undefined,
  merger: ItemMerger<Item>,
): readonly Item[] {
  if (author?.key === fresh?.key) return author === undefined ? [] : [author]
  if (fresh?.key === base.key) return author === undefined ? [] : [author]
  if (author?.key === base.key) return fresh === undefined ? [] : [fresh]
  if (author !== undefined && fresh !== undefined) return [merger.merge({base, author, fresh}) ?? author]
  const present = author === undefined ? [] : [author]
  merger.conflict({base: [base], author: present, fresh: fresh === undefined ? [] : [fresh]})
  return present
}
