import type {Outline} from '../model/outline.ts'
import type {Section} from '../model/section.ts'
import {headingAnchors} from '../syntax/heading-anchors.ts'
import type {CourseText} from './course-text.ts'

/**
 * What a link within the book may name: the anchors of all its headings, in the order in which they stand in the book,
 * and the ids of its HTML. `texts` by the index of the outline's directives.
 */
export function bookAnchors(outline: Outline, texts: readonly (CourseText | undefined)[]): Set<string> {
  const titles: {readonly offset: number; readonly own: readonly string[]}[] = []
  const collect = ({title, depth, place, children}: Section): void => {
    if (depth > 0) titles.push({offset: place.start.offset ?? 0, own: [title]})
    for (const child of children) collect(child)
  }
  for (const section of outline.sections) collect(section)
  outline.directives.forEach(({position}, number) => {
    const own = texts[number]?.contents.headings.map(({title}) => title) ?? []
    if (own.length > 0) titles.push({offset: position.start.offset ?? 0, own})
  })
  titles.sort((a, b) => a.offset - b.offset)
  return new Set([
    ...headingAnchors(titles.flatMap(({own}) => own)),
    ...outline.anchors,
    ...texts.flatMap((text) => text?.contents.anchors ?? []),
  ])
}
