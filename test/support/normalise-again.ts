import {
  type NormalisedCompletion,
  type NormaliseOptions,
  normaliseCompletion,
} from '../../src/book/normalise-completion.ts'

/**
 * Normalises a text that normalising gave. One thing it must be told, since no text can say it of itself: that a title
 * was taken off already, below which another heading of that name is the model's own (the book, B2), and that what was
 * left of `Title: rest` is a lead. Everything else must find nothing to mend.
 */
export function normaliseAgain(
  {text, repairs}: NormalisedCompletion,
  titles: readonly string[],
  options: NormaliseOptions = {},
): NormalisedCompletion {
  const taken = repairs.filter(({ruleId}) => ruleId === 'repeated-title')
  const off = new Set(options.off)
  if (taken.length > 0) off.add('repeated-title')
  if (taken.some(({detail}) => detail.endsWith('…'))) off.add('bold-heading')
  return normaliseCompletion(text, titles, {...options, off})
}
