import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'
import {isNegated, promptSentences} from './prompt-sentences.ts'

const block = `(?:fenced )?code (?:block|snippet|sample|listing)s?`
const verbs = `(?:provide|include|give|show|write|add|present|create|use|offer|supply|illustrate)`
const asks = new RegExp(
  String.raw`\b${verbs}\b[^.]*\b(?:${block}|(?:configuration|policy|script|config) snippet)\b`,
  'i',
)
/** Whether the language is named right before or behind the words for code; made when a directive first asks for code. */
let besideCode: readonly RegExp[] | undefined
const aboutOthers = /\blinks? to\b|\bexplain (?:the|this|each)\b|\b(?:following|above|below) code\b|\bthis code\b/i

/** Names of languages by what a fence may call them. */
const languages: readonly (readonly [name: string, words: RegExp, infos: readonly string[]])[] = [
  ['Python', /\bpython\b/i, ['python', 'py', 'python3', 'pycon']],
  ['Java', /\bjava\b/i, ['java']],
  ['JavaScript', /\b(?:javascript|node\.js)\b/i, ['javascript', 'js', 'node', 'mjs', 'jsx', 'typescript', 'ts']],
  ['TypeScript', /\btypescript\b/i, ['typescript', 'ts', 'tsx']],
  ['YAML', /\byaml\b/i, ['yaml', 'yml']],
  ['JSON', /\bjson\b/i, ['json', 'jsonc', 'json5', 'jsonl']],
  ['SQL', /\bsql\b/i, ['sql', 'mysql', 'postgresql', 'psql', 'plsql', 'tsql']],
  ['Go', /\bGo\b|\bgolang\b/, ['go', 'golang']],
  ['Rust', /\brust\b/i, ['rust', 'rs']],
  ['C#', /\bc#/i, ['csharp', 'cs', 'c#']],
  ['Bash', /\bbash\b/i, ['bash', 'sh', 'shell', 'console', 'zsh', 'shell-session', 'terminal']],
  ['Terraform', /\bterraform\b/i, ['terraform', 'hcl', 'tf']],
]

interface WantedLanguage {
  readonly name: string
  readonly infos: readonly string[]
}

/** A block of code, in the language that the directive names right beside it. */
export function askCode({directive}: ContractJob): Asked | undefined {
  if (!/\bcode\b|\bsnippets?\b/i.test(directive.value)) return undefined
  const sentence = promptSentences(directive).find(
    (own) => asks.test(own) && !aboutOthers.test(own) && !isNegated(own.replace(/\([^)]*\)/g, '')),
  )
  if (sentence === undefined) return undefined
  const language = namedLanguage(sentence)
  const expected = language === undefined ? 'a block of code' : `a block of ${language.name}`
  return {expected, check: (text) => checkCode(text, language, expected)}
}

/** The one language that stands shortly before or right behind the words for code; undefined for none or several. */
function namedLanguage(sentence: string): WantedLanguage | undefined {
  besideCode ??= languages.map(([, words]) => {
    const before = String.raw`(?:${words.source})(?: [\w-]+){0,3} (?:${block}|snippet)`
    const behind = `(?:${block}|snippet)s? (?:written )?in (?:${words.source})`
    return new RegExp(`(?:${before})|(?:${behind})`, words.flags)
  })
  const named = languages.filter(([, words], at) => words.test(sentence) && besideCode?.[at]?.test(sentence))
  const [only] = named
  return only === undefined || named.length > 1 ? undefined : {name: only[0], infos: only[2]}
}

function checkCode(text: CheckedText, language: WantedLanguage | undefined, expected: string): Shortfall | undefined {
  const blocks = text.nodes('code')
  if (blocks.length === 0) return {message: `Unexpected text without a block of code, expected ${expected}`}
  // A block that names no language may well be in this one.
  const holdsIt = blocks.some(({lang}) => lang == null || lang === '' || language?.infos.includes(lang.toLowerCase()))
  if (language === undefined || holdsIt) return undefined
  const found = [...new Set(blocks.map(({lang}) => lang))].join(', ')
  return {message: `Unexpected code in ${found} alone, expected ${expected}`}
}
