import {stemWords} from './word-stems.ts'

/** Stems of words with which a prompt speaks of the text that it asks for, not of its subject. */
const requestStems = new Set(
  stemWords(
    `add advantageous answer article ask aspect basic bold brief briefly bullet bulleted chapter choice choose clarify
    clear comment compare comparison concept concise consider consideration context contrast contribute core correct
    cover create curated deeper define definition demonstrate describe detail discuss documentation elaborate emphasize
    encourage ensure essential example explain explanation exploration exploring fact focus follow following format
    formatting fundamental general generate give glossary good guide heading help highlight illustrate importance
    important include including inline intro introduce introduction introductory invite item key keyword learn learner
    learning lesson link list main major mean meaning mention multiple-choice name note objective offer official
    outline overview page paragraph particular point pose potential present primary prompt provide question quiz
    reader reading reference reflect reflection reflective reiterate relate related relationship relevant remind role
    say scenario section self-assessment sentence short show single specific start starting state stress subsection
    suggest suitable summarize summary takeaway tell term test testing tie topic's type typical understand
    understanding use used user using various warn way word`,
  ),
)

/** Words that are a request in a phrase such as `key takeaways` and content elsewhere. */
const requestPhrase = /\bkey\s+(?=[a-z]+s\b|[a-z]+\s+[a-z]+s\b)|\b(?:brief|short|main) (?:points?|list)\b/gi

/** Amounts such as `3` and `2-3`, which a prompt gives of sentences, links and questions. */
const amount = /^\d{1,2}(?:-\d{1,2})?$/

/** Whether a word, by its stem, says what kind of text is asked for. */
export function isRequestStem(stem: string): boolean {
  return requestStems.has(stem)
}

/** Whether a stem is an amount of sentences, links or questions. */
export function isAmount(stem: string): boolean {
  return amount.test(stem)
}

/** Stems of a prompt's words, repeats included, without those that only say what kind of text it asks for. */
export function stemSubject(request: string): readonly string[] {
  return stemWords(request.replace(requestPhrase, ' ')).filter((stem) => !requestStems.has(stem) && !amount.test(stem))
}
