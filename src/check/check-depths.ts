import type {VFile} from 'vfile'
import type {Outline} from '../model/outline.ts'
import {report} from '../model/report.ts'

/** Compares the depth that each directive declares with the one its container expects (outline language, D8). */
export function checkDepths(outline: Outline, file: VFile): void {
  for (const directive of outline.directives) {
    const {declaredDepth: declared, containerDepth, container, position: place} = directive
    if (declared === undefined) continue
    const actual = String(declared)
    const expected = Math.min(containerDepth + 1, 6)
    if (declared === containerDepth) {
      report(
        file,
        'level-of-heading',
        `Depth ${declared} is that of the heading above, whose text the completion is likely to repeat; expected ${expected}`,
        {place, actual},
      )
    } else if (declared < containerDepth) {
      report(
        file,
        'level-above-heading',
        `Unexpected depth ${declared} above the heading of depth ${containerDepth} that it stands below, expected ${expected}`,
        {place, actual},
      )
    } else if (declared > (isInItem(container) ? containerDepth + 2 : containerDepth + 1)) {
      report(
        file,
        'level-skips',
        `Unexpected depth ${declared} below a heading of depth ${containerDepth}, expected ${expected}`,
        {place, actual},
      )
    }
  }
}

function isInItem(container: string): boolean {
  return container !== 'block'
}
