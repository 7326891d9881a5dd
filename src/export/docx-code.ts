import {textRun} from './docx-run.ts'
import {highlightRuns} from './highlight-code.ts'

/** Kinds of code by their colours, which stand off enough from the shade behind them. */
const colours: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    '5c6673': 'comment quote',
    a11a68: 'keyword selector-tag meta name doctag section',
    '116329': 'string regexp addition link',
    '0550ae': 'number literal symbol bullet variable template-variable',
    '6639ba': 'title type selector-id selector-class',
    '8a4500': 'attr attribute built_in params property',
    b3261e: 'deletion',
  }).flatMap(([colour, names]) => names.split(' ').map((name) => [name, colour])),
)

/** Code as runs, in the colours of its language where that is known. */
export function codeRuns(code: string, language: string | undefined): string {
  const runs = language === undefined ? undefined : highlightRuns(code, language)
  if (runs === undefined) return textRun(code, {}, true)
  return runs
    .map(({value, classes}) => {
      const colour = classes.map((name) => colours[name]).findLast((found) => found !== undefined)
      const isItalic = classes.includes('comment')
      return textRun(value, {...(colour === undefined ? {} : {colour}), isItalic}, true)
    })
    .join('')
}
