import type {Position} from 'unist'
import type {VFile} from 'vfile'
import {nearestNames} from '../model/nearest.ts'
import type {OutlineLink} from '../model/outline.ts'
import {report} from '../model/report.ts'
import {type CourseText, reportContents} from './course-text.ts'

/** What links of a book may lead to. */
export interface LinkTargets {
  readonly anchors: ReadonlySet<string>
  /** Whether a file is there, by its path from the book for a section's link, from the outline for an outline's. */
  exists(path: string, from: 'book' | 'outline'): boolean
  /** Whether such a path is the book itself. */
  isBook(path: string, from: 'book' | 'outline'): boolean
}

interface Fault {
  readonly ruleId: 'broken-anchor' | 'broken-link'
  readonly reason: string
}

/** Looking for the nearest name takes as long as the book has headings, so only some of many faults get one. */
const mostHints = 20

/** Anchors that programs make for footnotes, or that lead to the top of the page. */
const madeAnchor = /^(?:|top|(?:user-content-)?fn(?:ref)?[:-].*)$/

/** Reports links to headings and files that are not there. Images of the outline are for `check`. */
export class LinkCheck {
  private hints = 0

  constructor(private readonly targets: LinkTargets) {}

  checkText(text: CourseText): void {
    text.contents.links.forEach(({url, isImage}, at) => {
      const fault = this.faultOf(url, isImage, 'book')
      if (fault !== undefined) reportContents(text, 'links', at, fault.ruleId, fault.reason, {actual: url})
    })
  }

  checkOutline(links: readonly OutlineLink[], file: VFile, placeOf: (link: OutlineLink) => Position): void {
    for (const link of links) {
      const fault = link.isImage ? undefined : this.faultOf(link.url, false, 'outline')
      if (fault !== undefined) report(file, fault.ruleId, fault.reason, {place: placeOf(link), actual: link.url})
    }
  }

  private faultOf(url: string, isImage: boolean, from: 'book' | 'outline'): Fault | undefined {
    if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(url)) return undefined
    const [, path = '', , fragment] = /^([^?#]*)(\?[^#]*)?(?:#(.*))?$/s.exec(url) ?? []
    const file = decode(path)
    if (path !== '' && !this.targets.isBook(file, from)) {
      if (!file.startsWith('/') && this.targets.exists(file, from)) return undefined
      const expected = `a file, as a path from the ${from}'s folder`
      return {
        ruleId: 'broken-link',
        reason: `Cannot find the ${isImage ? 'image' : 'file'} \`${url}\`, expected ${expected}`,
      }
    }
    if (fragment === undefined) return undefined
    const anchor = decode(fragment)
    if (madeAnchor.test(anchor) || this.targets.anchors.has(anchor)) return undefined
    return {ruleId: 'broken-anchor', reason: `Cannot find \`#${anchor}\` in the book, expected ${this.nearest(anchor)}`}
  }

  private nearest(anchor: string): string {
    const [near] = this.hints++ < mostHints ? nearestNames(anchor, this.targets.anchors, 1) : []
    return near === undefined ? 'the anchor of one of its headings' : `\`#${near}\``
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A `%` that encodes nothing is part of the name.
    return text
  }
}
