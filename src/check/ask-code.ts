import {type CheckedText, fenceLanguage} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'
import {isNegated, promptSentences} from './prompt-sentences.ts'

const block = `(?:(?:fenced )?code (?:block|snippet|sample|listing|example)s?|(?:sample|example) code)`
/** Verbs that ask; `how to write …` does not. */
const verbs = `\\b(?<!\\bto )(?:provide|include|give|show|write|add|present|create|use|offer|supply|illustrate)`
const asks = new RegExp(
  String.raw`${verbs}\b(?:(?!\b(?:if|what|when|whether|which|why)\b)[^.])*\b(?<!\b(?:that|the|their|these|this|your) )(?:${block}|(?:configuration|policy|script|config) snippet)\b`,
  'i',
)
const aboutOthers =
  /\blinks? to\b|\bexplain (?:the|this|each)\b[^,;]*\b(?:code|program|script|snippet)\b|\b(?:following|above|below) code\b|\bthis code\b|\bhow to (?:add|format|include|insert|write) (?:an? )?(?:fenced )?code\b/i

/** Names of languages by what a fence may call them. */
const languages: readonly (readonly [name: string, words: RegExp, infos: readonly string[]])[] = [
  ['Python', /\bpython\b/i, ['python', 'py', 'python3', 'pycon', 'ipython']],
  ['Java', /\bjava\b/i, ['java']],
  ['JavaScript', /\b(?:javascript|node\.js)\b/i, ['javascript', 'js', 'node', 'mjs', 'jsx', 'typescript', 'ts']],
  ['TypeScript', /\btypescript\b/i, ['typescript', 'ts', 'tsx']],
  ['YAML', /\byaml\b/i, ['yaml', 'yml']],
  ['JSON', /\bjson\b/i, ['json', 'jsonc', 'json5', 'jsonl']],
  ['SQL', /\bsql\b/i, ['sql', 'mysql', 'postgresql', 'postgres', 'psql', 'plsql', 'tsql', 'sqlite']],
  ['Go', /\bGo\b|\bgolang\b/, ['go', 'golang']],
  ['Rust', /\brust\b/i, ['rust', 'rs']],
  ['C#', /\bc#/i, ['csharp', 'cs', 'c#']],
  ['Bash', /\b(?:bash|shell)\b/i, ['bash', 'sh', 'shell', 'console', 'zsh', 'shell-session', 'terminal']],
  ['Terraform', /\bterraform\b/i, ['terraform', 'hcl', 'tf']],
]

/** A language of code. */
export interface WantedLanguage {
  /** As prompts write it. */
  readonly name: string
  readonly infos: readonly string[]
}

const determiners =
  '(?:(?:an?|the|one|two|three|some|short|brief|small|simple|complete|minimal|working|basic|sample|runnable|conceptual|concrete|practical|realistic|annotated|commented|equivalent) )*'
/** Words with which a language's name means another thing: `a shell company`, `rust prevention`. */
const otherThings =
  '(?:beans?|breeding|coffee|compan(?:y|ies)|corporations?|handling|island|prevention|protection|removal)\\b'
const pieces =
  '(?:code|snippet|example|script|function|program|class|query|manifest|listing|configuration|config|policy|document|object|payload)s?\\b(?! (?:hierarch|librar|structur|diagram|dialog))'

/** Ways in which a sentence ties a language to the code that it asks for. */
type Tie = readonly [words: RegExp, beside: RegExp, made: RegExp]

const tieOf = ([, words]: (typeof languages)[number]): Tie => {
  const name = `(?:${words.source})`
  const before = String.raw`${name}(?: [\w-]+){0,3} (?:${block}|snippet)`
  const behind = `(?:${block}|snippets?|examples?|code) (?:written )?in ${name}`
  const beside = new RegExp(`(?:${before})|(?:${behind})`, 'i')
  return [words, beside, new RegExp(`${verbs} ${determiners}${name}(?: (?!${otherThings})[a-z-]+)? ${pieces}`, 'i')]
}

/** Made when a directive first asks for code. */
let ties: readonly Tie[] | undefined

function tiesOf(): readonly Tie[] {
  ties ??= languages.map(tieOf)
  return ties
}

/** A block of code, in the language that the directive names right beside it. */
export function askCode({directive}: ContractJob): Asked | undefined {
  const wanted = wantedCode(directive)
  if (wanted === undefined) return undefined
  const {language} = wanted
  const expected = language === undefined ? 'a block of code' : `a block of ${language.name}`
  return {expected, check: (text) => checkCode(text, language, expected)}
}

/** The code that a prompt asks for, and its language where that is clear; undefined where it asks for none. */
export function wantedCode(directive: {readonly value: string}): {readonly language?: WantedLanguage} | undefined {
  if (!mayAsk.test(directive.value)) return undefined
  const sentence = promptSentences(directive).find(
    (own) =>
      (asks.test(own) || tiesOf().some(([words, , made]) => words.test(own) && made.test(own))) &&
      !aboutOthers.test(own) &&
      !isNegated(own.replace(/\([^)]*\)/g, '')),
  )
  if (sentence === undefined) return undefined
  const language = namedLanguage(sentence)
  return language === undefined ? {} : {language}
}

/** What every such wish has, so that most prompts need no closer look. */
const mayAsk = new RegExp(String.raw`\bcode\b|\bsnippets?\b|${languages.map(([, {source}]) => source).join('|')}`, 'i')

/** The one language that stands shortly before or right behind the words for code; undefined for none or several. */
function namedLanguage(sentence: string): WantedLanguage | undefined {
  const named = languages.filter((_, at) => {
    const [words, beside, made] = tiesOf()[at] as Tie
    return words.test(sentence) && (beside.test(sentence) || made.test(sentence))
  })
  const [only] = named
  return only === undefined || named.length > 1 ? undefined : {name: only[0], infos: only[2]}
}

function checkCode(text: CheckedText, language: WantedLanguage | undefined, expected: string): Shortfall | undefined {
  const blocks = text.nodes('code')
  if (blocks.length === 0) return {message: `Unexpected text without a block of code, expected ${expected}`}
  const found = [...new Set(blocks.map(({lang}) => fenceLanguage(lang)))]
  // A block that names no language may well be in this one.
  const holdsIt = found.some((lang) => lang === '' || lang === 'text' || language?.infos.includes(lang))
  if (language === undefined || holdsIt) return undefined
  return {message: `Unexpected code in ${found.join(', ')} alone, expected ${expected}`}
}
