import {createTwoFilesPatch} from 'diff'

/** Edits after which a comparison is given up: then all lines are replaced. */
const mostEdits = 20_000

/** A unified patch from one text to another, with paths `a/…` and `b/…`; empty where they are the same. */
export function unifiedPatch(path: string, before: string, after: string): string {
  if (before === after) return ''
  const options = {context: 3, headerOptions: {includeIndex: false, includeUnderline: false, includeFileHeaders: true}}
  const patch = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, '', '', {
    ...options,
    maxEditLength: mostEdits,
  })
  if (patch !== undefined) return patch.replace(/^(---|\+\+\+) (.*?)\t$/gm, '$1 $2')
  return wholePatch(path, before, after)
}

function wholePatch(path: string, before: string, after: string): string {
  const lines = (text: string, mark: string): string[] =>
    text === ''
      ? []
      : text
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => `${mark}${line}\n`)
  const [gone, come] = [lines(before, '-'), lines(after, '+')]
  const start = (count: number): string => (count === 0 ? '0,0' : `1,${count}`)
  return `--- a/${path}\n+++ b/${path}\n@@ -${start(gone.length)} +${start(come.length)} @@\n${[...gone, ...come].join('')}`
}
