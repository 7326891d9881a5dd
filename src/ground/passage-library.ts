import type {Bibliography} from '../model/bibliography.ts'
import {fenceCode} from './fence-code.ts'
import {escapeBlockStart, readInlineText} from './inline-text.ts'
import {type NoteBlock, readNoteBlocks} from './note-blocks.ts'
import {indexPassages, type PassageIndex} from './passage-index.ts'
import {makeSourceLink, type SourceLink} from './source-link.ts'
import {numberSources, type SourceNumbering} from './source-numbering.ts'
import {splitSentences} from './split-sentences.ts'
import {indexTitles, type TitleIndex} from './title-index.ts'
import {nameKey, stemWords} from './word-stems.ts'

/** A piece of a note that a draft may quote; its Markdown stays inside the place where it is put. */
export interface Passage {
  /** Place in `PassageLibrary.passages`. */
  readonly id: number
  readonly kind: 'definition' | 'fact' | 'table' | 'code'
  /** Name of the note, as given. */
  readonly note: string
  readonly noteTitle: string
  /** Heading above it as inline Markdown; empty before the first one below the note's title. */
  readonly topic: string
  /** The defined term; empty for other kinds. */
  readonly term: string
  /** Inline Markdown on one line without citations: the statement, or the sentence that leads to a table or code. */
  readonly text: string
  /** Markdown of the table or the fenced code; empty for other kinds. */
  readonly block: string
  readonly links: readonly SourceLink[]
  /** Numbers of the bibliography that support it, rising; none in a course without one. */
  readonly numbers: readonly number[]
}

/** All that the notes of a course offer to a draft, in the order of the notes. */
export interface PassageLibrary {
  readonly passages: readonly Passage[]
  /** The notes' link definitions, one for each address. */
  readonly links: readonly SourceLink[]
  /** Definitions by `nameKey` of their term and of the short form behind it in parentheses. */
  readonly definitions: ReadonlyMap<string, readonly Passage[]>
  readonly index: PassageIndex
  readonly titles: TitleIndex
  /** `nameKey` of each topic. */
  readonly topicKeys: ReadonlyMap<string, string>
}

const definitionText = /^(?:\*\*([^*]{1,80})(?:\*\*[ \t]*[:—–]|:\*\*)|`([^`]{1,80})`[ \t]*[:—–])[ \t]+(\S.*)$/s

/** Longest statement that is quoted, in UTF-16 units: beyond it stand logs and minified text. */
const longestStatement = 600
/** Longest bullet that stays one statement, in UTF-16 units. */
const longestBullet = 300
/** Largest table or code block that is quoted, in UTF-16 units. */
const largestBlock = 6000

/**
 * Reads definitions, facts, tables, code and links out of notes in Markdown; any text will do. Never throws;
 * time is linear.
 */
export function readPassages(
  notes: readonly {readonly name: string; readonly text: string}[],
  bibliography?: Bibliography,
): PassageLibrary {
  const passages: Passage[] = []
  const links = new Map<string, SourceLink>()
  const numbering = numberSources(bibliography)
  for (const note of notes) readNote(note.name, note.text, passages, links, numbering)
  const definitions = new Map<string, Passage[]>()
  const topicKeys = new Map<string, string>()
  for (const passage of passages) {
    if (!topicKeys.has(passage.topic)) topicKeys.set(passage.topic, nameKey(passage.topic))
    if (passage.kind !== 'definition') continue
    const short = /\(([^()]+)\)\s*$/.exec(passage.term)?.[1]
    for (const key of new Set([nameKey(passage.term), nameKey(short ?? passage.term)])) {
      const known = definitions.get(key)
      if (known === undefined) definitions.set(key, [passage])
      else known.push(passage)
    }
  }
  const titles = indexTitles(passages.map((passage) => passage.noteTitle))
  return {passages, links: [...links.values()], definitions, index: indexPassages(passages), titles, topicKeys}
}

interface BlockParts {
  readonly term?: string
  readonly block?: string
  /** Text of a table's cells. */
  readonly cell?: string
  /** Bullet that leads to a table or code, whose sources are theirs too. */
  readonly before?: string
}

function readNote(
  name: string,
  text: string,
  passages: Passage[],
  links: Map<string, SourceLink>,
  numbering: SourceNumbering,
): void {
  const note = readNoteBlocks(text)
  const cited = new Map<string, SourceLink>()
  for (const block of note.blocks) {
    const link = block.kind === 'link' ? makeSourceLink(block.url, block.title) : undefined
    if (block.kind !== 'link' || link === undefined) continue
    if (!cited.has(block.label.toLowerCase())) cited.set(block.label.toLowerCase(), link)
    const address = link.url.replace(/\/$/, '')
    if (!links.has(address)) links.set(address, link)
  }
  const firstTitle = note.blocks.find((block) => block.kind === 'heading' && block.depth === 1)
  const plainTitle = note.title || (firstTitle?.kind === 'heading' ? firstTitle.text : '') || name.replace(/\.\w+$/, '')
  const noteTitle = readInlineText(plainTitle, cited).text
  let topic = ''

  function add(kind: Passage['kind'], raw: string, part: BlockParts = {}): void {
    if (raw.length > 2 * longestStatement) return
    const {text: statement, links: found, labels} = readInlineText(raw, cited)
    const cells = part.cell === undefined ? undefined : readInlineText(part.cell, cited)
    const links = cells === undefined ? found : [...new Set([...found, ...cells.links])]
    const before = part.before === undefined ? undefined : readInlineText(part.before, cited)
    const allLabels = [labels, cells?.labels ?? [], before?.labels ?? []].flat()
    const numbers = numbering.numbersOf(name, allLabels, cited)
    if (statement.length > longestStatement || (part.block?.length ?? 0) > largestBlock) return
    const isQuotable = kind === 'table' || kind === 'code' || isStatement(statement)
    if (!isQuotable) return
    const {term = '', block = ''} = part
    const id = passages.length
    passages.push({
      id,
      kind,
      note: name,
      noteTitle,
      topic,
      term,
      text: escapeBlockStart(statement),
      block,
      links,
      numbers,
    })
  }

  note.blocks.forEach((block, at) => {
    if (block.kind === 'heading') {
      topic = block.depth === 1 ? '' : readInlineText(block.text, cited).text
    } else if (block.kind === 'table') {
      const rows = block.rows.map((row) => `| ${row.map((cell) => readInlineText(cell, cited).text).join(' | ')} |`)
      const table = [rows[0], block.delimiter, ...rows.slice(1)].join('\n')
      add('table', readIntroduction(note.blocks[at - 1]), {
        block: table,
        cell: block.rows.flat().join(' '),
        ...bulletBefore(note.blocks[at - 1]),
      })
    } else if (block.kind === 'code') {
      if (block.code.trim() === '') return
      add('code', readIntroduction(note.blocks[at - 1]), {
        block: fenceCode(block.code, block.language),
        ...bulletBefore(note.blocks[at - 1]),
      })
    } else if (block.kind !== 'link') {
      const definition = definitionText.exec(block.text)
      const term = definition === null ? '' : readInlineText(definition[1] ?? definition[2] ?? '', cited).text
      if (term !== '' && nameKey(term) !== '' && term.split(' ').length <= 8)
        add('definition', definition?.[3] ?? '', {term})
      else for (const statement of readStatements(block, note.blocks[at + 1])) add('fact', statement)
    }
  })
}

/** Statements of a paragraph or bullet; the sentence that leads to a table or code belongs to that. */
function readStatements(block: NoteBlock & {readonly text: string}, next: NoteBlock | undefined): readonly string[] {
  if (block.kind === 'bullet' && block.text.length <= longestBullet) return [block.text]
  const sentences = [...splitSentences(block.text)]
  const closing = /(?:\s*\[\^?\d+(?:, ?\d+)*\])+$/.exec(sentences.at(-1)?.slice(-200) ?? '')?.[0] ?? ''
  const areOthersBare = sentences.slice(0, -1).every((sentence) => !/\[\^?\d/.test(sentence))
  const last = sentences.length - 1
  const cited = areOthersBare ? sentences.map((sentence, at) => (at < last ? sentence + closing : sentence)) : sentences
  return next?.kind === 'table' || next?.kind === 'code' ? cited.slice(0, -1) : cited
}

function readIntroduction(block: NoteBlock | undefined): string {
  return block?.kind === 'paragraph' ? (splitSentences(block.text).at(-1) ?? '') : ''
}

function bulletBefore(block: NoteBlock | undefined): {before?: string} {
  return block?.kind === 'bullet' ? {before: block.text} : {}
}

/** Whether a text says something: three words or more, not a lead-in to what follows it. */
function isStatement(text: string): boolean {
  if (/[:,]$/.test(text) || !/\p{L}/u.test(text)) return false
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).length >= 3 || /[。！？]$/u.test(text) || stemWords(text).length >= 3
}
