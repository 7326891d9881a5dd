import type {Paragraph, RootContent, Table} from 'mdast'
import {eachNode} from '../syntax/each-node.ts'
import {parseMarkdown} from '../syntax/parse-markdown.ts'
import {citedSentences, isCited, isLeaning} from './cited-sentences.ts'
import {isDraftPhrase, withoutItemMarks} from './draft-phrases.ts'

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
/** Most words of a term that a question may name. */
const mostTermWords = 4
/** Openings of points that are questions, and ends of code that is cut off. */
const noTerm = /^(?:an?|how|the|what|when|where|which|who|why)\b|[.:]$/i
const mark = /^\*?\(?draft\b/i
const uncovered = /^no (?:source|text)\b.*\bcovers?\b/i
/** Sentences that lead to a table or list which is not taken with them. */
const introduction = /\b(?:the following|as follows|listed below|shown below|table below|is enough here)\b/i
const lead = /^(?:\*\*([^*\n]{1,80}?):?\*\*|`([^`\n]{1,80})`):?[ \t]+(?=\S)/

/** Reads statements, tables and terms out of texts; what is `taken` and draft marks, code and quizzes are passed over. */
export function readCourseFacts(texts: readonly ReadText[], taken: readonly string[] = []): CourseFacts {
  const tables: string[] = []
  const terms = new Map<string, string>()
  const seen = new Set<string>(taken)
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
  const source = withoutItemMarks(text)
  for (const block of blocksOf(parseMarkdown(source).children)) {
    if (holdsForeign(block)) continue
    const markdown = sliceOf(source, block)
    if (block.type === 'table') {
      tables.push(markdown)
      continue
    }
    const line = markdown.replace(/\s*\n\s*/g, ' ').trim()
    if (mark.test(line) || uncovered.test(line) || isDraftPhrase(line)) continue
    addTerms(block, terms)
    const [whole = '', strong, code] = lead.exec(line) ?? []
    const term = (strong ?? code ?? '').replaceAll('`', '')
    for (const part of statementsOf(line.slice(whole.length), term !== '')) {
      const key = statementKey(part)
      if (!isStatement(part) || isDraftPhrase(part) || (term === '' && isLeaning(part)) || seen.has(key)) continue
      seen.add(key)
      statements.push({title, term, text: part})
    }
  }
  return statements
}

/** By what a statement is known wherever it stands: its words without marks and citations. */
export function statementKey(text: string): string {
  return text
    .replace(/\\?\[\d[\d, ]*\\?\]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase()
}

/** Sentences, each with what leans on it up to the citation of both; of what defines a term, the first alone. */
function statementsOf(said: string, isDefinition: boolean): string[] {
  const statements: string[] = []
  for (const sentence of citedSentences(said.replace(/\\\[(\d[\d, ]*)\\?\]/g, '[$1]'))) {
    const before = statements.at(-1)
    const isOpen = before !== undefined && !isCited(before)
    const leans = isDefinition ? isCited(sentence) && statements.length === 1 : isLeaning(sentence)
    if (isOpen && leans && before.length + sentence.length < longestStatement)
      statements[statements.length - 1] = `${before} ${sentence}`
    else statements.push(sentence)
  }
  // What follows a definition's sentence says more than its term promises.
  return isDefinition ? statements.slice(0, 1) : statements
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
    const [only, more] = node.type === 'strong' ? node.children : []
    const value =
      node.type === 'inlineCode' ? node.value : only?.type === 'text' && more === undefined ? only.value : undefined
    const term = value?.replace(/:$/, '').trim() ?? ''
    if (
      term.length < 3 ||
      term.length > 40 ||
      term.split(' ').length > mostTermWords ||
      noTerm.test(term) ||
      /[*_`|<>[\]\n]/.test(term)
    )
      return
    if (!terms.has(term.toLowerCase())) terms.set(term.toLowerCase(), term)
  })
}

/** Whether a text says something on its own: three words or more, no question and no lead-in to what follows. */
function isStatement(text: string): boolean {
  if (text.length > longestStatement || /[:?,]$/.test(text) || /^[a-d][.)]\s/i.test(text)) return false
  if (introduction.test(text)) return false
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).length >= 3
}
