import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, ContractSettings, Shortfall} from './contract.ts'
import {guessLanguage, knowsLanguage, languageName} from './guess-language.ts'

const namesLanguage =
  /\b(?:translat\w*|original (?:language|text)|bilingual\w*|english|german|french|spanish|italian|portuguese|dutch|polish|swedish|danish|norwegian|russian|ukrainian|greek|latin|arabic|hebrew|hindi|turkish|chinese|mandarin|japanese|korean|englisch\w*|deutsch\w*|französisch\w*|spanisch\w*|anglais\w*|allemand\w*|français\w*|espagnol\w*|inglés\w*|español\w*)/i

/** The course's language, where its front matter names one that can be told from others. */
export function askLanguage({directive}: ContractJob, {language}: ContractSettings): Asked | undefined {
  const wanted = language?.toLowerCase().split(/[-_]/)[0]
  if (wanted === undefined || !knowsLanguage(wanted)) return undefined
  // A directive that names a language may ask for a text in it: `a French dialogue`.
  if (namesLanguage.test(directive.value)) return undefined
  const expected = `a text in ${languageName(wanted)}`
  return {expected, check: (text) => checkLanguage(text, wanted, expected)}
}

function checkLanguage({prose}: CheckedText, wanted: string, expected: string): Shortfall | undefined {
  const found = guessLanguage(prose, wanted)
  return found === wanted ? undefined : {message: `Unexpected text in ${languageName(found)}, expected ${expected}`}
}
