import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, ContractSettings, Shortfall} from './contract.ts'
import {guessLanguage, knowsLanguage, languageName} from './guess-language.ts'

/** The course's language, where its front matter names one that can be told from others. */
export function askLanguage({directive}: ContractJob, {language}: ContractSettings): Asked | undefined {
  const wanted = language?.toLowerCase().split(/[-_]/)[0]
  if (wanted === undefined || !knowsLanguage(wanted)) return undefined
  // A directive may ask for a text in another language.
  if (
    /\b(?:translat\w*|in (?:english|german|french|spanish|italian|portuguese|dutch|polish|swedish|russian|chinese|japanese|korean))\b/i.test(
      directive.value,
    )
  )
    return undefined
  const expected = `a text in ${languageName(wanted)}`
  return {expected, check: (text) => checkLanguage(text, wanted, expected)}
}

function checkLanguage({prose}: CheckedText, wanted: string, expected: string): Shortfall | undefined {
  const found = guessLanguage(prose, wanted)
  return found === wanted ? undefined : {message: `Unexpected text in ${languageName(found)}, expected ${expected}`}
}
