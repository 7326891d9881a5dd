import type {BookBlock, BookCode, BookHeading, BookList, BookPhrasing, BookQuiz} from './book-nodes.ts'
import {fillWords} from './book-words.ts'
import {eachPhrasing} from './map-book.ts'
import {altOf, type PdfConversion} from './pdf-conversion.ts'
import {keepsBlocks, keepsText} from './pdf-keep.ts'
import type {PdfCode, PdfNode} from './pdf-node.ts'
import {type PhrasingPlace, pdfPhrasing} from './pdf-phrasing.ts'
import {pdfTable} from './pdf-table.ts'
import {answerBlocks} from './quiz-blocks.ts'

const longestWordOfCode = 48
const shells = new Set(['bash', 'console', 'sh', 'shell', 'zsh'])

/** Blocks as the template of a PDF draws them; headings of chapters are given by `chapterHeading`. */
export function pdfBlocks(blocks: readonly BookBlock[], conversion: PdfConversion): PdfNode[] {
  return blocks.flatMap((block, at) => {
    const [first, ...rest] = pdfBlock(block, conversion)
    // What announces something stays with it.
    const leads = first?.t === 'par' && rest.length === 0 && at < blocks.length - 1 && endsInColon(first.c)
    return first === undefined ? [] : [leads ? {...first, leads: true} : first, ...rest]
  })
}

function endsInColon(nodes: readonly PdfNode[]): boolean {
  const last = nodes.at(-1)
  return last !== undefined && 'v' in last && /[:：]\s*$/.test(last.v)
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
      return [codeNode(block, conversion)]
    case 'math':
      conversion.formulas.add(block.value)
      return [{t: 'mathblock', tex: block.value}]
    case 'table':
      return [pdfTable(block, conversion, pdfBlocks)]
    case 'callout':
      return [
        {
          t: 'callout',
          kind: block.kind,
          title: block.title ?? conversion.words[block.kind],
          ...(keepsBlocks(block.children, conversion.room) ? {whole: true} : {}),
          c: inner(block.children),
        },
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

function codeNode({value, language, longestLine, longestToken}: BookCode, {room}: PdfConversion): PdfCode {
  const isDrawn = /[\u2500-\u257f]/.test(value)
  // Characters of other scripts are wider.
  const wraps = longestLine > room.columns || (/\P{ASCII}/u.test(value) && !isDrawn)
  const hasOptions = wraps && shells.has(language ?? '')
  return {
    t: 'pre',
    v: value,
    // Colours would part an option from its dashes, and a line could end between them.
    ...(language === undefined || hasOptions ? {} : {lang: language}),
    ...(isDrawn ? {drawn: true} : {}),
    ...(hasOptions ? {options: true} : {}),
    ...(wraps && longestToken >= longestWordOfCode ? {long: true} : {}),
    ...(keepsText(value, room) ? {whole: true} : {}),
  }
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
    c: itemNodes(pdfBlocks(blocks, {...conversion, isInList: true}), isLoose),
    ...(checked === undefined ? {} : {checked}),
  }))
  return {
    t: 'list',
    tight: !isLoose,
    ...(conversion.isInList === true ? {} : {outer: true}),
    ...(isOrdered ? {start: Math.max(0, start)} : {}),
    items,
  }
}

/** Items of a tight list begin with words rather than a paragraph. */
function itemNodes(nodes: readonly PdfNode[], isLoose: boolean): readonly PdfNode[] {
  const [first, second] = nodes
  return isLoose || first?.t !== 'par' || second?.t === 'par' ? nodes : [...first.c, ...nodes.slice(1)]
}

function quizNodes(quiz: BookQuiz, conversion: PdfConversion): PdfNode[] {
  const nodes = quiz.parts.flatMap((part): PdfNode[] => {
    if (part.type !== 'question') return pdfBlock(part, conversion)
    const prompt = pdfBlocks(part.prompt, conversion)
    const blocks = part.options.flatMap(({children}) => children)
    const options: PdfNode = {
      t: 'options',
      letters: part.options.map(({letter}) => letter),
      ...(keepsBlocks(blocks, conversion.room) ? {whole: true} : {}),
      items: part.options.map(({children}) => itemNodes(pdfBlocks(children, conversion), false)),
    }
    return [withNumber(`${part.number}. `, prompt), ...prompt.slice(1), ...(part.options.length > 0 ? [options] : [])]
  })
  if (conversion.answers === 'inline') return [...nodes, ...answerNodes(quiz, conversion)]
  const id = `${quiz.id}-answers`
  const words: PdfNode = {t: 'text', v: conversion.words.answersOnPage}
  return [...nodes, {t: 'par', c: [{t: 'em', c: [conversion.ids.refer('page', id, [words])]}]}]
}

function withNumber(number: string, [first]: readonly PdfNode[]): PdfNode {
  const label: PdfNode = {t: 'strong', c: [{t: 'text', v: number}]}
  if (first?.t === 'par') return {t: 'par', c: [label, ...first.c], leads: true}
  return {t: 'group', c: [label, ...(first ? [first] : [])]}
}

/** The answers of quizzes under headings of their own. */
export function answerSections(quizzes: readonly BookQuiz[], conversion: PdfConversion): PdfNode[] {
  return quizzes.flatMap((quiz): PdfNode[] => {
    const id = conversion.ids.define(`${quiz.id}-answers`)
    const c: PdfNode[] = [{t: 'text', v: fillWords(conversion.words.answersOf, {title: quiz.title})}]
    return [
      {t: 'heading', level: 2, listed: false, ...(id === undefined ? {} : {id}), c},
      ...answerNodes(quiz, conversion),
    ]
  })
}

function answerNodes(quiz: BookQuiz, conversion: PdfConversion): PdfNode[] {
  return pdfBlocks(answerBlocks(quiz), conversion)
}
