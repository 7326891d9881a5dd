import {trimEnd, trimStart} from './line-spaces.ts'

/** A heading: its marks, and the rest with what closes it. Lines are given without indentation, here and below. */
export const headingLine = /^(#{1,6}) +([^ ][^]*)$/
/** A thematic break without spaces in it. */
export const ruleLine = /^(?:-{3,}|\*{3,}|_{3,}) *$/
/** The first line of a list item that is not empty: its marker and the spaces behind. */
export const itemLine = /^([-*+]|\d{1,9}[.)])( +)[^ ]/
/** The line that opens a fence: its marks, the language, the rest. */
export const fenceLine = /^(`{3,}|~{3,}) *(?:([^\s`~&\\]+)(?: +([^`~&\\\t]*[^`~&\\\s]))?)?$/
/** The start of a line that may begin raw HTML. */
export const tagLine = /^<[A-Za-z/!?]/

const marksLine = /^(?:-[ -]*|\*[ *]*|_[ _]*)$/
const threeMarks = /^(.) *\1 *\1/
const bareMarker = /^(?:[-*+]|\d{1,9}[.)]) *$/
const delimiterRow = /^[|:-][ |:-]*$/
const lateNumber = /^ *(?!1[.)])\d{1,9}[.)](?: |$)/

/** Whether a line of marks may be an empty item, or a rule with spaces in it. */
export function isDoubtful(line: string): boolean {
  return bareMarker.test(line) || (isSpacedRule(line) && !ruleLine.test(line))
}

/** Whether a line is a thematic break; in two steps, since a repeated back reference takes stack for each repetition. */
function isSpacedRule(line: string): boolean {
  return marksLine.test(line) && threeMarks.test(line)
}

/** Whether a line, indentation included, is an item of a numbered list that cannot interrupt a paragraph. */
export function isLateNumber(line: string): boolean {
  return lateNumber.test(line)
}

/** What items of one list share: the bullet, or the character behind the number. */
export function markerKind(line: string): string {
  return /^(?:([-*+])|\d+([.)]))/.exec(line)?.slice(1).join('') ?? ''
}

/** Whether a line, indentation included, is a further item of a list of this kind. */
export function continuesList(line: string, kind: string): boolean {
  const own = trimStart(line)
  return itemLine.test(own) && markerKind(own) === kind && !isSpacedRule(own)
}

/** Whether a line, indentation included, begins a list or a quote. */
export function beginsContainer(line: string): boolean {
  const own = trimStart(line)
  return own.startsWith('>') || itemLine.test(own)
}

/**
 * Whether a line ends the paragraph above it; undefined where that is in doubt. `isOutside` means that the paragraph is
 * in a list item which the line is not indented for: then any item may begin.
 */
export function interruptsParagraph(line: string, isOutside: boolean): boolean | undefined {
  switch (line.charCodeAt(0)) {
    case 0x23:
      return headingLine.test(line) ? true : undefined
    case 0x60:
    case 0x7e:
      if (!/^(?:`{3}|~{3})/.test(line)) return false
      return fenceLine.test(trimEnd(line)) ? true : undefined
    case 0x3e:
      return true
    case 0x3c:
      return tagLine.test(line) && !/^<br ?\/?>[^]*[^ ]/.test(line) ? undefined : false
    case 0x3d:
      return /^=+ *$/.test(line) ? undefined : false
    case 0x7c:
    case 0x3a:
      return delimiterRow.test(line) ? undefined : false
    case 0x2d:
      if (/^-+ *$/.test(line)) return isOutside && ruleLine.test(line) ? true : undefined
      break
    case 0x2a:
    case 0x2b:
    case 0x5f:
      break
    default:
      if (!/^\d/.test(line)) return false
  }
  if (ruleLine.test(line)) return true
  if (isDoubtful(line) || delimiterRow.test(line)) return undefined
  if (!itemLine.test(line)) return false
  return !/^\d/.test(line) || isOutside || /^1[.)]/.test(line) ? true : undefined
}
