import {parser as pythonParser} from '@lezer/python'
import {parse as parseShell} from 'unbash'
import {parseAllDocuments} from 'yaml'

/** Why a block of code cannot be read in its language. */
export interface CodeFault {
  /** Name of the language as readers know it. */
  readonly language: string
  readonly reason: string
  /** Line of the code, from 1, at which it was noticed; undefined where the parser does not say. */
  readonly line?: number
}

type Check = (code: string) => CodeFault | undefined

const checks: Readonly<Record<string, Check>> = {
  json: checkJson,
  jsonc: (code) => checkJson(withoutComments(code)),
  jsonl: checkJsonLines,
  ndjson: checkJsonLines,
  yaml: checkYaml,
  yml: checkYaml,
  bash: checkShell,
  sh: checkShell,
  shell: checkShell,
  python: checkPython,
  py: checkPython,
  python3: checkPython,
}

/** Where and why code cannot be read in the language of its fence; undefined for sound code and for other languages. */
export function codeFault(language: string, code: string): CodeFault | undefined {
  const name = language.toLowerCase()
  return code.trim() !== '' && Object.hasOwn(checks, name) ? checks[name]?.(code) : undefined
}

function checkJson(code: string): CodeFault | undefined {
  try {
    JSON.parse(code)
    return undefined
  } catch (error) {
    // Engines say the place in words: `… at position 12 (line 1 column 13)`, or not at all at the end.
    const reason = (error as SyntaxError).message
    const position = /at position (\d+)/.exec(reason)?.[1]
    const line = position === undefined ? undefined : lineOf(code, Number(position))
    const short = reason.replace(/,? ?(?:"[^]*" is not valid JSON|in JSON at position \d+.*)$/s, '')
    return {language: 'JSON', reason: short, ...(line === undefined ? {} : {line})}
  }
}

function checkJsonLines(code: string): CodeFault | undefined {
  for (const [number, line] of code.split('\n').entries()) {
    const fault = line.trim() === '' ? undefined : checkJson(line)
    if (fault !== undefined) return {...fault, line: number + 1}
  }
  return undefined
}

/** JSON with comments and commas before closing brackets as plain JSON, each character at its place. */
function withoutComments(code: string): string {
  const blank = (text: string): string => text.replace(/[^\n]/g, ' ')
  return code
    .replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\//g, (part) => (part.startsWith('"') ? part : blank(part)))
    .replace(/"(?:[^"\\\n]|\\.)*"|,(?=\s*[\]}])/g, (part) => (part === ',' ? ' ' : part))
}

function checkYaml(code: string): CodeFault | undefined {
  const documents = parseAllDocuments(code, {prettyErrors: false, logLevel: 'silent', uniqueKeys: true})
  // Tags such as `!Sub` of CloudFormation are warnings and no faults.
  for (const document of 'errors' in documents ? [documents] : documents) {
    const [error] = document.errors
    if (error !== undefined)
      return {language: 'YAML', reason: error.message.split('\n', 1)[0] ?? '', line: lineOf(code, error.pos[0])}
  }
  return undefined
}

/** A name in angle brackets that the reader is to replace. */
const gap = /<[A-Za-z][\w .:/-]*>/g

function checkShell(code: string): CodeFault | undefined {
  // A transcript shows prompts and what the commands print.
  if (/^\s*[$%>] /m.test(code)) return undefined
  const [fault] = parseShell(code.replace(gap, (text) => '_'.repeat(text.length))).errors ?? []
  if (fault === undefined) return undefined
  return {language: 'shell', reason: fault.message, line: lineOf(code, fault.pos)}
}

/** A command of a notebook: `!pip install x`, `%matplotlib inline`; a remainder that goes on a line has a space. */
const command = /^[ \t]*(?:!|%{1,2}[A-Za-z]).*$/gm
/** What the grammar of the parser lacks: several managers in brackets, a bare `(yield)`, a decorator with an index. */
const beyondGrammar = /^[ \t]*(?:async[ \t]+)?with[ \t]*\(|\(yield\)|^[ \t]*@[\w.]+\[/m

function checkPython(code: string): CodeFault | undefined {
  if (/^\s*>>> /m.test(code) || beyondGrammar.test(code)) return undefined
  let at: number | undefined
  const plain = code.replace(command, (line) => line.replace(/\S.*/, '0').padEnd(line.length))
  pythonParser.parse(plain).iterate({
    enter: ({type, from}) => {
      if (type.isError) at ??= from
      return at === undefined
    },
  })
  return at === undefined ? undefined : {language: 'Python', reason: 'unexpected syntax', line: lineOf(code, at)}
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
