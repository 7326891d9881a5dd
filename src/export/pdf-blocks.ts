import type {BookBlock, BookHeading, BookList, BookPhrasing, BookQuiz} from './book-nodes.ts'
import {eachPhrasing} from './map-book.ts'
import {altOf, type PdfConversion} from './pdf-conversion.ts'
import type {PdfNode} from './pdf-node.ts'
import {type PhrasingPlace, pdfPhrasing} from './pdf-phrasing.ts'
import {pdfTable} from './pdf-table.ts'
import {answerBlocks} from './quiz-blocks.ts'

const longestWordOfCode = 48

/** Blocks as the template of a PDF draws them; headings of chapters are given by `chapterHeading`. */
export function pdfBlocks(blocks: readonly BookBlock[], conversion: PdfConversion): PdfNode[] {
  return blocks.flatMap((block) => pdfBlock(block, conversion))
}

/** The heading that begins a page. */
export function chapterHeading(heading: BookHeading, conversion: PdfConversion): PdfNode[] {
  return headingNodes(heading, 1, conversion)
}

function pdfBlock(block: BookBlock, conversion: PdfConversion): PdfNode[] {
  const inner = (children: readonly BookBlock[]): PdfNode[] => pdfBlocks(children, conversion)
  const phrasing = (place: PhrasingPlace, children = 'children' in block ? block.children : []): PdfNode[] =>
    pdfPhrasing(children as never, conversion, place, pdfBlocks)
  switch (block.type) {
    case 'paragraph':
      return [{t: 'par', c: phrasing('text')}]
    case 'heading':
      // Those in quotations are no sections.
      if (block.id === '') return [{t: 'par', c: [{t: 'strong', c: phrasing('text')}]}]
      return headingNodes(block, Math.max(2, block.depth), conversion)
    case 'list':
      return [listNode(block, conversion)]
    case 'code':
      return [
        {
          t: 'pre',
          v: block.value,
          ...(block.language === undefined ? {} : {lang: block.language}),
          ...(block.longestToken >= longestWordOfCode ? {long: true} : {}),
        },
      ]
    case 'math':
      conversion.formulas.add(block.value)
      return [{t: 'mathblock', tex: block.value}]
    case 'table':
      return [pdfTable(block, conversion, pdfBlocks)]
    case 'callout':
      return [
        {t: 'callout', kind: block.kind, title: block.title ?? calloutTitle(block.kind), c: inner(block.children)},
      ]
    case 'details': {
      const summary = pdfPhrasing(block.summary, conversion, 'text', pdfBlocks)
      const lead: PdfNode[] = summary.length === 0 ? [] : [{t: 'par', c: [{t: 'strong', c: summary}]}]
      return [{t: 'quote', c: [...lead, ...inner(block.children)]}]
    }
    case 'blockquote':
      return [{t: 'quote', c: inner(block.children)}]
    case 'thematicBreak':
      return [{t: 'hr'}]
    case 'figure': {
      const {path, alt, title} = block.image
      if (path === undefined || !conversion.images.has(path)) return alt === '' ? [] : [{t: 'par', c: imageText(alt)}]
      return [{t: 'figure', src: path, alt: altOf(alt, path), ...(title === undefined ? {} : {title})}]
    }
    case 'quiz':
      return quizNodes(block, conversion)
  }
}

function calloutTitle(kind: string): string {
  return `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`
}

/** What stands in place of an image that is not shown. */
function imageText(alt: string): PdfNode[] {
  return [{t: 'em', c: [{t: 'text', v: `[${alt}]`}]}]
}

/** A heading; its footnotes stand on a line below it, since contents and heads of pages repeat what is in it. */
function headingNodes(heading: BookHeading, level: number, conversion: PdfConversion): PdfNode[] {
  const id = conversion.ids.define(heading.id)
  const title = heading.title.trim() === '' ? [] : pdfPhrasing(heading.children, conversion, 'heading', pdfBlocks)
  const notes: BookPhrasing[] = []
  eachPhrasing(heading.children, (node) => {
    if (node.type === 'footnoteReference') notes.push(node)
  })
  return [
    {
      t: 'heading',
      level,
      ...(id === undefined ? {} : {id}),
      // A heading of no words cannot be announced.
      c: title.length === 0 ? [{t: 'text', v: '—'}] : title,
    },
    ...(notes.length === 0 ? [] : [{t: 'par', c: pdfPhrasing(notes, conversion, 'text', pdfBlocks)} as const]),
  ]
}

function listNode({children, isLoose, isOrdered, start}: BookList, conversion: PdfConversion): PdfNode {
  const items = children.map(({children: blocks, checked}) => ({
    c: pdfBlocks(blocks, conversion),
    ...(checked === undefined ? {} : {checked}),
  }))
  return {t: 'list', tight: !isLoose, ...(isOrdered ? {start: Math.max(0, start)} : {}), items}
}

function quizNodes(quiz: BookQuiz, conversion: PdfConversion): PdfNode[] {
  const nodes = quiz.parts.flatMap((part): PdfNode[] => {
    if (part.type !== 'question') return pdfBlock(part, conversion)
    const prompt = pdfBlocks(part.prompt, conversion)
    const options: PdfNode = {
      t: 'options',
      letters: part.options.map(({letter}) => letter),
      items: part.options.map(({children}) => pdfBlocks(children, conversion)),
    }
    return [withNumber(`${part.number}. `, prompt), ...prompt.slice(1), ...(part.options.length > 0 ? [options] : [])]
  })
  if (conversion.answers === 'inline') return [...nodes, ...answerNodes(quiz, conversion)]
  const id = `${quiz.id}-answers`
  const lead: PdfNode = {t: 'text', v: 'Answers on page '}
  return [...nodes, {t: 'par', c: [{t: 'em', c: [lead, conversion.ids.refer('page', id, [])]}]}]
}

function withNumber(number: string, [first]: readonly PdfNode[]): PdfNode {
  const label: PdfNode = {t: 'strong', c: [{t: 'text', v: number}]}
  return first?.t === 'par' ? {t: 'par', c: [label, ...first.c]} : {t: 'group', c: [label, ...(first ? [first] : [])]}
}

/** The answers of quizzes under headings of their own. */
export function answerSections(quizzes: readonly BookQuiz[], conversion: PdfConversion): PdfNode[] {
  return quizzes.flatMap((quiz): PdfNode[] => {
    const id = conversion.ids.define(`${quiz.id}-answers`)
    const c: PdfNode[] = [{t: 'text', v: `Answers: ${quiz.title}`}]
    return [
      {t: 'heading', level: 2, listed: false, ...(id === undefined ? {} : {id}), c},
      ...answerNodes(quiz, conversion),
    ]
  })
}

function answerNodes(quiz: BookQuiz, conversion: PdfConversion): PdfNode[] {
  return pdfBlocks(answerBlocks(quiz), conversion)
}
