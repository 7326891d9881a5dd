import type {Position} from 'unist'
import {report} from '../model/report.ts'
import {codeFault} from '../syntax/code-fault.ts'
import type {CourseText} from './course-text.ts'

/** Reports code blocks that cannot be read in the language of their fence, at the line of the code. */
export function checkCode(text: CourseText): void {
  text.contents.codes.forEach(({language, code}, at) => {
    const fault = codeFault(language, code)
    if (fault === undefined) return
    const block = text.placeOf('codes', at)
    const place = block === undefined || fault.line === undefined ? block : lineInside(block, fault.line)
    const reason = `Cannot read the code block as ${fault.language}: ${fault.reason}`
    report(text.file, 'broken-code', reason, {related: text.directive, ...(place === undefined ? {} : {place})})
  })
}

function lineInside(block: Position, line: number): Position {
  const own = Math.min(block.start.line + line, block.end.line)
  const {column} = block.start
  return {start: {line: own, column}, end: {line: own, column}}
}
