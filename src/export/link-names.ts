import {chapterMentions, chapterNumber, splitTitle} from '../syntax/chapter-number.ts'
import {wordsOf} from '../syntax/words-of.ts'
import type {BookBlock, BookPhrasing, LinkTarget} from './book-nodes.ts'
import type {Chapter, SectionEntry} from './export-book.ts'
import {mapRuns} from './map-book.ts'
import {phrasingText} from './plain-text.ts'

/** Finds the headings that names lead to; a name that several have leads nowhere. */
export class HeadingNames {
  private readonly byName = new Map<string, LinkTarget | undefined>()
  private readonly byNumber = new Map<number, LinkTarget | undefined>()

  constructor(chapters: readonly Pick<Chapter, 'id' | 'number'>[], sections: readonly SectionEntry[]) {
    chapters.forEach(({id, number}, chapter) => {
      note(this.byNumber, chapterNumber(number), {type: 'internal', chapter, id})
    })
    for (const {id, title, chapter} of sections) {
      const target: LinkTarget = {type: 'internal', chapter, id}
      const names = new Set([title, splitTitle(title)?.rest ?? title].map(nameKey))
      for (const name of names) if (name !== '') note(this.byName, name, target)
    }
  }

  /** The heading with this title, with or without its number. */
  byTitle(name: string): LinkTarget | undefined {
    const bare = name.trim().replace(/[:.]$/, '')
    const chapterWord = /^(?:chapter|section)\s+/i.exec(bare)?.[0] ?? ''
    return this.byName.get(nameKey(bare)) ?? this.byName.get(nameKey(bare.slice(chapterWord.length)))
  }

  chapter(written: string): LinkTarget | undefined {
    return this.byNumber.get(chapterNumber(written))
  }
}

function nameKey(name: string): string {
  return wordsOf(name).join(' ')
}

function note<Key>(map: Map<Key, LinkTarget | undefined>, key: Key, target: LinkTarget): void {
  map.set(key, map.has(key) ? undefined : target)
}

/**
 * Makes links of the names of headings that are set off or quoted in a cross-reference, and, anywhere, of `Chapter VI`.
 * Headings, links and code stay as they are.
 */
export function linkNames(blocks: readonly BookBlock[], names: HeadingNames, isCrossReference: boolean): BookBlock[] {
  return mapRuns(blocks, (nodes, block) => (block.type === 'heading' ? nodes : linkRun(nodes, names, isCrossReference)))
}

function linkRun(nodes: readonly BookPhrasing[], names: HeadingNames, isCrossReference: boolean): BookPhrasing[] {
  return nodes.flatMap((node): BookPhrasing[] => {
    if (node.type === 'text') return linkText(node.value, names, isCrossReference)
    if (node.type === 'link' || !('children' in node)) return [node]
    const isName = isCrossReference && (node.type === 'strong' || node.type === 'emphasis')
    const target = isName ? names.byTitle(phrasingText(node.children)) : undefined
    if (target !== undefined) return [{type: 'link', target, isMade: true, children: [node]}]
    return [{...node, children: linkRun(node.children, names, isCrossReference)}]
  })
}

const quoted = /[“"«„]([^“”"«»„\n]{2,200})[”"»“]/g

function linkText(text: string, names: HeadingNames, isCrossReference: boolean): BookPhrasing[] {
  const found: {start: number; end: number; target: LinkTarget}[] = []
  if (isCrossReference) {
    for (const {0: whole, 1: name = '', index} of text.matchAll(quoted)) {
      const target = names.byTitle(name)
      if (target !== undefined) found.push({start: index + 1, end: index + whole.length - 1, target})
    }
  }
  for (const {written, start, end} of chapterMentions(text)) {
    const target = names.chapter(written)
    if (target !== undefined) found.push({start, end, target})
  }
  const made: BookPhrasing[] = []
  let at = 0
  for (const {start, end, target} of found.sort((a, b) => a.start - b.start)) {
    if (start < at) continue
    if (start > at) made.push({type: 'text', value: text.slice(at, start)})
    made.push({type: 'link', target, isMade: true, children: [{type: 'text', value: text.slice(start, end)}]})
    at = end
  }
  if (at < text.length) made.push({type: 'text', value: text.slice(at)})
  return made
}
