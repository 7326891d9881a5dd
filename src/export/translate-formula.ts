import {tex2typst} from 'tex2typst'

/** Longest formula that is translated, in characters. */
const longest = 2000

/**
 * A formula of LaTeX in the typesetter's own language; undefined where it cannot be translated. What could be more than
 * a formula there (code, strings, labels) is not let through.
 */
export function translateFormula(tex: string): string | undefined {
  if (tex.length > longest) return undefined
  try {
    const translated = tex2typst(tex, {nonStrict: true})
    return /^[^#\\"@`$]*$/.test(translated) ? translated : undefined
  } catch {
    // Its own words on what it cannot read say nothing to an author: the formula is shown as written, and reported.
    return undefined
  }
}
