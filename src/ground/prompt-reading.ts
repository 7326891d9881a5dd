import {asksForNumberedList} from '../check/ask-list.ts'
import {isNegated, promptSentences} from '../check/prompt-sentences.ts'
import {type CountBounds, readBounds} from '../check/read-bounds.ts'
import {findCodeSpans} from './code-spans.ts'
import {fenceCode} from './fence-code.ts'
import {readNoteBlocks} from './note-blocks.ts'

/** What a prompt says of the text that it asks for. */
export interface PromptReading {
  /** The prompt without its code, the words on heading levels and its list. */
  readonly request: string
  /** Its own list, point by point; of a prompt that asks for a list, also what it names behind a colon. */
  readonly points: readonly string[]
  /** Its own code, fenced. */
  readonly code: readonly string[]
  /** Names in backticks, or in quotation marks where there are none; each once, in order. */
  readonly terms: readonly string[]
  /** The name that it asks to explain first of all. */
  readonly lead?: string
  readonly asksForList: boolean
  /** A numbered list. */
  readonly asksForSteps: boolean
  readonly asksForTable: boolean
  readonly asksForCode: boolean
  /** How many points a list is to have. */
  readonly pointBounds?: CountBounds
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
/** How long a text is to be, with what an outline of a topic list says of it. */
const extent =
  /\s+in (?:one|two|three|four|\d)(?:(?: or | to |[-–])(?:two|three|four|five|\d))? (?:short )?sentences?(?:: what is meant by it here, and what it changes for the reader)?(?=[\s:.,;])|explain this code and show it in (?:a )?code blocks?:?/gi
/** Most words of a name in quotation marks that leads a list item. */
const longestQuotedLead = 10
const listWords = [
  /\bbullet(?:ed)?[ -](?:list|points? (?:list|for|on|that))|\b(?:as|in) bullets\b|\bbullet points\b|\bunordered list/i,
  /\b(?:a|the|short|brief) list of\b|\bnumber(?:ed)? (?:the|list|steps)|^list\b/i,
]
const tableWords = [/\btables?\b|\btabular\b|\bside by side\b|^(?:compare|contrast)\b/i]
const codeWords = [
  /\b(?:add|give|include|provide|show|walk through|with|write)\b[^.]{0,80}\b(?:(?<!inline )codes?(?! (?:format|span|style))|commands?|snippets?|scripts?)\b/i,
  /\b(?:example (?:config|file|policy|query)|(?:properties|configuration) (?:file|example))s?\b/i,
  /\b(?:SQL|CLI|JSON|YAML|Python|Java|shell) examples?\b/i,
]
/** Verbs with which a prompt asks, and what they take with them. */
const asking =
  /^(?:(?:briefly|clearly|then|also|please) )?(?:address|advise|compare|consider|contrast|cover|define|describe|detail|discuss|emphasi[sz]e|evaluate|explain|explore|give|highlight|identify|introduce|list|mention|name|note|outline|present|provide|recommend|reiterate|show|state|stress|suggest|summari[sz]e)\s+(?:(?:that|how|what|why|when|the|an?|using|to|on|for|about|concepts? of|techniques for|importance of)\s+)*/i
/** Longest name in backticks that is a term, in UTF-16 units. */
const longestTerm = 80
/** Most characters before a name in backticks that a request is about. */
const longestIntroduction = 60
/** Longest name that may lead a list item, in words. */
const longestLead = 6

/** Reads what a prompt asks for; never throws. */
export function readPrompt(prompt: string): PromptReading {
  const text = prefaces.reduce((rest, preface) => rest.replace(preface, ''), prompt)
  const {blocks} = readNoteBlocks(text)
  const bullets = blocks.flatMap((block) => (block.kind === 'bullet' ? [block.text] : []))
  const code = blocks.flatMap((block) => (block.kind === 'code' ? [fenceCode(block.code, block.language)] : []))
  const request = blocks
    .flatMap((block) => (block.kind === 'paragraph' || block.kind === 'heading' ? [block.text] : []))
    .join(' ')
    .replace(extent, '')
  const sentences = promptSentences({value: text})
  const wishes = sentences.filter((sentence) => !isNegated(sentence)).join(' ')
  const asksForSteps = asksForNumberedList(sentences) || /\bstep[- ]by[- ]step\b/i.test(wishes)
  const asksForList = asksForSteps || bullets.length > 1 || listWords.some((pattern) => pattern.test(request))
  const pointBounds = readBounds(sentences, '(?:bullet points|bullets|points|items|facts|steps|tips|reasons|benefits)')
  const lead = readLead(request)
  const terms = readTerms(`${request}\n${bullets.join('\n')}`)
  return {
    request,
    points: bullets.length > 0 ? bullets : asksForList ? readNamedPoints(request, terms) : [],
    code,
    terms,
    ...(lead === undefined ? {} : {lead}),
    asksForList,
    asksForSteps,
    asksForTable: tableWords.some((pattern) => pattern.test(request)),
    asksForCode: codeWords.some((pattern) => pattern.test(wishes)),
    ...(pointBounds === undefined ? {} : {pointBounds}),
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

/** What a request is about, without the verb that asks: up to the first mark that ends a clause. */
export function requestSubject(request: string): string {
  return (/^[^:;,.(—–]*/.exec(request.replace(asking, '').replace(asking, ''))?.[0] ?? '').trim()
}

/** The name in backticks, or with a capital letter before a colon, that a request is about. */
function readLead(request: string): string | undefined {
  const quoted = /^'([^'\n]{2,100})'\s*(?:[:(,;.—–]|$)/.exec(request.replace(asking, ''))?.[1]
  if (quoted !== undefined && quoted.split(' ').length <= longestQuotedLead) return quoted
  const [span] = findCodeSpans(request)
  if (span !== undefined && span.start <= longestIntroduction && !/[.:]/.test(request.slice(0, span.start))) {
    const code = request.slice(span.start, span.end).replaceAll('`', '').trim()
    const isAlone = /^\s*(?:[:(,;.—–]|$|using\b|with\b)/.test(request.slice(span.end))
    return isAlone && code.length <= longestTerm ? code : undefined
  }
  const name = /^([^:.;`]{2,80}):\s/.exec(request.replace(asking, ''))?.[1]?.trim()
  return name !== undefined && /^\p{Lu}/u.test(name) && name.split(' ').length <= longestLead && asking.test(request)
    ? name
    : undefined
}

/** Parts of an enumeration behind a colon, or marked names; three at least. */
function readNamedPoints(request: string, terms: readonly string[]): readonly string[] {
  const parts =
    /:\s+(\p{Ll}[^.:;]{20,600})(?:[.;]|$)/u.exec(request)?.[1]?.split(/,(?![^()]*\))\s*(?:and\s+|or\s+)?/) ?? []
  if (parts.length < 3) return terms.length < 3 ? [] : terms
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function readTerms(text: string): readonly string[] {
  const spans = findCodeSpans(text).map(({start, end}) => text.slice(start, end))
  const code = spans.map((span) => span.replaceAll('`', '').trim()).filter((name) => name.length <= longestTerm)
  const names = code.length > 0 ? code : readQuotedNames(text).map(({name}) => name.replace(/[.,;:]$/, ''))
  return [...new Set(names)].filter((name) => name !== '')
}
