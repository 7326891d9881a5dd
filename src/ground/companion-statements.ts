import type {Paragraph, RootContent, Table} from 'mdast'
import {eachNode} from '../syntax/each-node.ts'
import {parseMarkdown} from '../syntax/parse-markdown.ts'
import {citedSentences} from './cited-sentences.ts'

/** A text of another book that a draft is made from. */
export interface ReadText {
  readonly title: string
  readonly text: string
}

/** Something that a text says, as inline Markdown on one line with its citations. */
export interface Statement {
  /** Title of the text that says it. */
  readonly title: string
  /** What stands in bold or code before it and a colon; else empty. */
  readonly term: string
  readonly text: string
}

/** What texts offer to a companion's draft. */
export interface CourseFacts {
  /** The statements of each text, in its order; texts that say nothing are left out. */
  readonly texts: readonly (readonly Statement[])[]
  /** Tables of the texts as Markdown. */
  readonly tables: readonly string[]
  /** Bold and code of the texts, each once, in their order. */
  readonly terms: readonly string[]
}

/** Longest statement that is taken over, in UTF-16 units. */
const longestStatement = 400
const mark = /^\*?\(?draft\b/i
const uncovered = /^no (?:source|text)\b.*\bcovers?\b/i
/** Openings of sentences that mean little without the sentence before them. */
const leaning = /^(?:it|its|this|that|these|those|they|their|such|here|there|then|thus|also|both|however|so)\b/i
const lead = /^(?:\*\*([^*\n]{1,80}?):?\*\*|`([^`\n]{1,80})`):?[ \t]+(?=\S)/

/** Reads statements, tables and terms out of texts; their draft marks, code and quizzes are passed over. */
export function readCourseFacts(texts: readonly ReadText[]): CourseFacts {
  const tables: string[] = []
  const terms = new Map<string, string>()
  const seen = new Set<string>()
  const found = texts.map((text) => readText(text, {tables, terms, seen}))
  return {texts: found.filter((own) => own.length > 0), tables, terms: [...terms.values()]}
}

interface Collected {
  readonly tables: string[]
  readonly terms: Map<string, string>
  readonly seen: Set<string>
}

function readText({title, text}: ReadText, {tables, terms, seen}: Collected): Statement[] {
  const statements: Statement[] = []
  const source = text.replace(/[ \t]*\*\(draft\)\*/g, '')
  for (const block of blocksOf(parseMarkdown(source).children)) {
    if (holdsForeign(block)) continue
    const markdown = sliceOf(source, block)
    if (block.type === 'table') {
      tables.push(markdown)
      continue
    }
    const line = markdown.replace(/\s*\n\s*/g, ' ').trim()
    if (mark.test(line) || uncovered.test(line)) continue
    addTerms(block, terms)
    const [whole = '', strong, code] = lead.exec(line) ?? []
    const term = strong ?? code ?? ''
    const said = line.slice(whole.length)
    // What follows a definition's sentence says more than its term promises.
    const parts = term === '' ? citedSentences(said) : citedSentences(said).slice(0, 1)
    for (const part of parts) {
      const key = part.toLowerCase()
      if (!isStatement(part) || (term === '' && leaning.test(part)) || seen.has(key)) continue
      seen.add(key)
      statements.push({title, term, text: part.trim()})
    }
  }
  return statements
}

/** Paragraphs and tables in their order, those of lists and quotes included. */
function* blocksOf(nodes: readonly RootContent[]): Generator<Paragraph | Table> {
  for (const node of nodes) {
    if (node.type === 'paragraph' || node.type === 'table') yield node
    else if (node.type === 'list') for (const child of node.children) yield* blocksOf(child.children)
    else if (node.type === 'blockquote') yield* blocksOf(node.children)
  }
}

function sliceOf(source: string, {position}: Paragraph | Table): string {
  const text = source.slice(position?.start.offset, position?.end.offset)
  const indent = ' '.repeat((position?.start.column ?? 1) - 1)
  return text.replaceAll(`\n${indent}`, '\n').replace(/\n[ \t]*>[ \t]?/g, '\n')
}

/** Whether a block holds what has no place in a line of its own words: images, HTML, references to what is elsewhere. */
function holdsForeign(block: Paragraph | Table): boolean {
  let isFound = false
  eachNode(block, ({type}) => {
    isFound ||= foreign.has(type)
  })
  return isFound
}

const foreign = new Set(['image', 'imageReference', 'linkReference', 'footnoteReference', 'html'])

function addTerms(block: Paragraph, terms: Map<string, string>): void {
  eachNode(block, (node) => {
    const [only] = node.type === 'strong' ? node.children : []
    const value = node.type === 'inlineCode' ? node.value : only?.type === 'text' ? only.value : undefined
    const term = value?.replace(/[:.]$/, '').trim() ?? ''
    if (term.length < 3 || term.length > 40 || /[*_`|<>[\]\n]/.test(term)) return
    if (!terms.has(term.toLowerCase())) terms.set(term.toLowerCase(), term)
  })
}

/** Whether a text says something on its own: three words or more, no question and no lead-in to what follows. */
function isStatement(text: string): boolean {
  if (text.length > longestStatement || /[:?,]$/.test(text) || /^[a-d][.)]\s/i.test(text)) return false
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).length >= 3
}
