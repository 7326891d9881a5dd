/** How chapters are numbered. */
export type Numbering = 'roman' | 'arabic' | 'none'

export const numberings: readonly Numbering[] = ['roman', 'arabic', 'none']

const digits: readonly (readonly [value: number, written: string])[] = [
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
]

/** A chapter's title behind its number, which is from 1. Of a hundred chapters and more, Roman numbers are hard to read. */
export function chapterLabel(title: string, number: number, count: number, numbering: Numbering): string {
  if (numbering === 'none') return title
  return `${numbering === 'arabic' || count > 99 ? number : roman(number)}. ${title}`
}

function roman(number: number): string {
  let rest = number
  let written = ''
  for (const [value, sign] of digits) {
    for (; rest >= value; rest -= value) written += sign
  }
  return written
}
