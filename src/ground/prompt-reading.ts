import {fenceCode} from './fence-code.ts'
import {readNoteBlocks} from './note-blocks.ts'

/** What a prompt says of the text that it asks for. */
export interface PromptReading {
  /** The prompt without its code, the words on heading levels and its list. */
  readonly request: string
  /** Its own list, point by point. */
  readonly points: readonly string[]
  /** Its own code, fenced. */
  readonly code: readonly string[]
  /** Names in backticks, or in quotation marks where there are none; each once, in order. */
  readonly terms: readonly string[]
  /** The name in backticks that it asks to explain first of all. */
  readonly lead?: string
  readonly asksForList: boolean
  readonly asksForTable: boolean
  readonly asksForCode: boolean
}

/** Words on the form of the answer with which a prompt begins, each pattern tried in turn. */
const prefaces = [
  /^\s*(?:please\s+)?(?:starting|beginning|start|begin)\s+(?:at|with|from)\s+(?:a\s+)?heading\s+level\s+\d\s*/i,
  /^\s*(?:please\s+)?(?:starting|beginning|start|begin)\s+(?:at|with|from)\s+(?:a\s+)?level\s+\d\s+headings?\s*/i,
  /^\(#+\)\s*/,
  /^(?:with|as|in|using)\s+(?:a\s+)?(?:single\s+)?bullet(?:\s+point)?(?=[\s,:;.])\s*/i,
  /^[,:;.]\s*/,
]
const quotedNames = ["'([^'\\n]{2,80}?)'", '‘([^’\\n]{2,80})’', '"([^"\\n]{2,80})"', '“([^”\\n]{2,80})”']
const quotedName = new RegExp(`(?<![\\p{L}\\p{N}])(?:${quotedNames.join('|')})(?![\\p{L}\\p{N}])`, 'gu')
const listWords = [
  /\bbullet(?:ed)?[ -](?:list|points? (?:list|for|on|that))|\bunordered list|^list\b/i,
  /\b(?:a|the|short|brief) list of\b|\bnumber(?:ed)? (?:the|list|steps)/i,
]
const tableWords = [/\btables?\b|\btabular\b|\bside by side\b|\bcompar(?:e|ing|ison)\b/i]
const codeWords = [
  /\b(?:(?<!inline )codes?(?! (?:format|span|style))|commands?|snippets?|scripts?)\b/i,
  /\b(?:example (?:config|file|policy|query)|(?:properties|configuration) (?:file|example))s?\b/i,
  /\b(?:SQL|CLI|JSON|YAML|Python|Java|shell) examples?\b/i,
]

/** Reads what a prompt asks for; never throws. */
export function readPrompt(prompt: string): PromptReading {
  const text = prefaces.reduce((rest, preface) => rest.replace(preface, ''), prompt)
  const {blocks} = readNoteBlocks(text)
  const points = blocks.flatMap((block) => (block.kind === 'bullet' ? [block.text] : []))
  const code = blocks.flatMap((block) => (block.kind === 'code' ? [fenceCode(block.code, block.language)] : []))
  const request = blocks
    .flatMap((block) => (block.kind === 'paragraph' || block.kind === 'heading' ? [block.text] : []))
    .join(' ')
  const lead = /^[^`.:]{0,60}?`([^`\n]{1,80})`/.exec(request)?.[1]
  const isLead = lead !== undefined && /^[^`]*`[^`]*`\s*(?:[:(,;.—–]|$|using\b|with\b)/.test(request)
  return {
    request,
    points,
    code,
    terms: readTerms(`${request}\n${points.join('\n')}`),
    ...(isLead ? {lead} : {}),
    asksForList: points.length > 1 || listWords.some((pattern) => pattern.test(request)),
    asksForTable: tableWords.some((pattern) => pattern.test(request)),
    asksForCode: codeWords.some((pattern) => pattern.test(request)),
  }
}

/** Names in quotation marks, in order, with the words of the clauses around each. */
export function readQuotedNames(text: string): readonly {readonly name: string; readonly around: string}[] {
  const found = [...text.matchAll(quotedName)]
  let start = 0
  return found.map((match, at) => {
    const end = match.index + match[0].length
    const after = text.slice(end, found[at + 1]?.index)
    const around = `${text.slice(start, match.index)} ${/^[^,;.]*/.exec(after)?.[0] ?? ''}`
    start = end + (/^[^,;.]*/.exec(after)?.[0].length ?? 0)
    return {name: (match[1] ?? match[2] ?? match[3] ?? match[4] ?? '').trim(), around}
  })
}

function readTerms(text: string): readonly string[] {
  const code = [...text.matchAll(/`([^`\n]{1,80})`/g)].map((match) => (match[1] ?? '').trim())
  const names = code.length > 0 ? code : readQuotedNames(text).map(({name}) => name.replace(/[.,;:]$/, ''))
  return [...new Set(names)].filter((name) => name !== '')
}
