import type {DirectiveKind} from '../model/job.ts'
import {kindOfTitle} from '../syntax/recognise-kind.ts'
import type {BookBlock, BookHeading} from './book-nodes.ts'
import type {DirectiveSpan} from './export-book.ts'

/** A heading with the blocks up to the next one of its depth or above, by their places among its part's blocks. */
export interface SectionRegion {
  readonly heading: BookHeading
  readonly kind: DirectiveKind | undefined
  /** Place of the first block behind the heading; 0 for a chapter's own. */
  readonly start: number
  readonly end: number
}

/** Tells what sections are for: by the directives whose texts they hold, else by their titles. */
export class SectionKinds {
  constructor(private readonly directives: readonly DirectiveSpan[] = []) {}

  /** The kind of a section whose text begins at a line. */
  kindOf(heading: BookHeading, textLine: number | undefined): DirectiveKind | undefined {
    // A heading within a text belongs to what the text is for as a whole.
    if (this.at(heading.line) !== undefined) return undefined
    const kind = this.at(textLine)?.kind ?? kindOfTitle(heading.title)
    return kind === 'section' ? undefined : kind
  }

  /** The directive whose text a line is of. */
  private at(line: number | undefined): DirectiveSpan | undefined {
    if (line === undefined) return undefined
    let [low, high] = [0, this.directives.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.directives[middle] as DirectiveSpan).start <= line) low = middle + 1
      else high = middle
    }
    const span = this.directives[low - 1]
    return span !== undefined && line <= span.end ? span : undefined
  }
}

/** The sections among the blocks of a part, its own heading's first. */
export function sectionRegions(
  blocks: readonly BookBlock[],
  own: BookHeading | undefined,
  kinds: SectionKinds,
): SectionRegion[] {
  const regions: {heading: BookHeading; kind: DirectiveKind | undefined; start: number; end: number}[] = []
  const open: typeof regions = []
  const begin = (heading: BookHeading, start: number): void => {
    while ((open.at(-1)?.heading.depth ?? 0) >= heading.depth) (open.pop() as {end: number}).end = start - 1
    const region = {heading, kind: kinds.kindOf(heading, blocks[start]?.line), start, end: blocks.length}
    regions.push(region)
    open.push(region)
  }
  if (own !== undefined) begin(own, 0)
  blocks.forEach((block, at) => {
    if (block.type === 'heading') begin(block, at + 1)
  })
  return regions
}
