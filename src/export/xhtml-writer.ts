import type {BookBlock, BookHeading, BookList, BookQuiz, BookTable, QuizQuestion} from './book-nodes.ts'
import {fillWords} from './book-words.ts'
import {escapeXml} from './escape-xml.ts'
import type {Footnote} from './export-book.ts'
import type {AnswerPlace} from './lay-out-quizzes.ts'
import {correctLabels} from './quiz-blocks.ts'
import {idAttribute, type PhrasingContext, writeImage, writePhrasing} from './xhtml-phrasing.ts'

/** Writes blocks of a book as XHTML for an EPUB; everything is escaped, and what stands twice has its id once. */
export class XhtmlWriter {
  private readonly context: PhrasingContext
  /** Quizzes since the last `takeLater` whose answers do not stand behind them. */
  private later: BookQuiz[] = []
  /** Whether headings are those of the book: not of what it quotes, nor of footnotes. */
  private isOwn = true

  constructor(context: PhrasingContext) {
    this.context = context
  }

  blocks(blocks: readonly BookBlock[], answers: AnswerPlace): string {
    return blocks.map((block) => this.block(block, answers)).join('')
  }

  /** The quizzes whose answers are still to be written, in their order. */
  takeLater(): BookQuiz[] {
    const taken = this.later
    this.later = []
    return taken
  }

  heading({id: key, depth, title, children}: BookHeading): string {
    const id = this.context.places.place(key)
    if (id !== undefined && this.isOwn) this.context.places.noteHeading(id, depth, title)
    return `<h${depth}${idAttribute(id)}>${writePhrasing(children, this.context)}</h${depth}>\n`
  }

  /** A heading that the program makes. */
  madeHeading(key: string, depth: BookHeading['depth'], title: string): string {
    return this.heading({type: 'heading', id: key, depth, title, children: [{type: 'text', value: title}]})
  }

  footnotes(footnotes: readonly Footnote[]): string {
    if (footnotes.length === 0) return ''
    const {places} = this.context
    const rows = footnotes.map(({id: key, number, children}) => {
      const id = idAttribute(places.place(`note:${key}`, key))
      const back = places.href(`call:${key}`)
      const label = back === undefined ? `${number}.` : `<a href="${back}" role="doc-backlink">${number}.</a>`
      const body = this.quoted(children)
      const text = body.startsWith('<p>') ? body.replace('<p>', `<p>${label} `) : `<p>${label}</p>\n${body}`
      return `<aside${id} class="footnote" epub:type="footnote" role="doc-footnote">\n${text}</aside>\n`
    })
    return `<section class="footnotes" epub:type="footnotes">\n<hr/>\n${rows.join('')}</section>\n`
  }

  /** The answers of a quiz, each linked with its question. */
  answers({parts, closing}: BookQuiz): string {
    const rows = parts.map((part) => (part.type === 'question' ? this.answer(part) : ''))
    return `${rows.join('')}${this.blocks(closing, 'inline')}`
  }

  private quoted(blocks: readonly BookBlock[]): string {
    const before = this.isOwn
    this.isOwn = false
    const text = this.blocks(blocks, 'inline')
    this.isOwn = before
    return text
  }

  private block(block: BookBlock, answers: AnswerPlace): string {
    const {context} = this
    switch (block.type) {
      case 'paragraph': {
        // A place alone takes no room.
        const name = block.children.every(({type}) => type === 'anchor') ? 'div' : 'p'
        return `<${name}>${writePhrasing(block.children, context)}</${name}>\n`
      }
      case 'heading':
        return this.heading(block)
      case 'list':
        return this.list(block, answers)
      case 'code': {
        const language = block.language === undefined ? '' : ` class="language-${escapeXml(block.language)}"`
        const direction = context.isRightToLeft ? ' dir="ltr"' : ''
        return `<pre${direction}><code${language}>${escapeXml(block.value)}\n</code></pre>\n`
      }
      case 'math': {
        const formula = context.formulas.xhtml(block.value, true)
        if (formula !== undefined) return `<div class="formula">${formula}</div>\n`
        return `<pre class="math"><code>${escapeXml(block.value)}\n</code></pre>\n`
      }
      case 'table':
        return this.table(block)
      case 'blockquote':
        return `<blockquote>\n${this.quoted(block.children)}</blockquote>\n`
      case 'callout': {
        const title = block.title ?? context.words[block.kind]
        const body = this.blocks(block.children, answers)
        return `<div class="callout ${block.kind}" role="note">\n<p class="label">${escapeXml(title)}</p>\n${body}</div>\n`
      }
      case 'details': {
        const label =
          block.summary.length === 0 ? escapeXml(context.words.details) : writePhrasing(block.summary, context)
        const body = this.blocks(block.children, answers)
        return `<div class="details">\n<p class="label">${label}</p>\n${body}</div>\n`
      }
      case 'thematicBreak':
        return '<hr/>\n'
      case 'figure': {
        const {title, ...image} = block.image
        const isShown = image.path !== undefined && context.imagePaths.has(image.path)
        if (!isShown) return `<p>${writeImage(image, context)}</p>\n`
        const caption = title === undefined ? '' : `<figcaption>${escapeXml(title)}</figcaption>`
        return `<figure>${writeImage(image, context)}${caption}</figure>\n`
      }
      case 'quiz':
        return this.quiz(block, answers)
    }
  }

  private list({isOrdered, start, isLoose, children}: BookList, answers: AnswerPlace): string {
    const name = isOrdered ? 'ol' : 'ul'
    const first = isOrdered && start !== 1 ? ` start="${start}"` : ''
    const rows = children.map((item) => {
      const box = item.checked === undefined ? '' : item.checked ? '☑ ' : '☐ '
      const blocks = item.children.map((block) =>
        block.type === 'paragraph' && !isLoose
          ? `${writePhrasing(block.children, this.context)}\n`
          : this.block(block, answers),
      )
      const body = blocks.join('').trimEnd()
      const boxed = box !== '' && body.startsWith('<p>') ? body.replace('<p>', `<p>${box}`) : `${box}${body}`
      return `<li>${boxed}</li>\n`
    })
    return `<${name}${first}>\n${rows.join('')}</${name}>\n`
  }

  private table({id: key, number, caption, align, head, rows}: BookTable): string {
    const {context} = this
    const {words} = context
    const id = context.places.place(key)
    const label = caption.trim() === '' ? `${words.table} ${number}` : fillWords(words.tableOf, {number, caption})
    if (id !== undefined && this.isOwn) context.places.noteTable(id, label)
    const row = (cells: BookTable['head'], name: 'th' | 'td'): string => {
      const written = cells.map((cell, at) => {
        const side = align[at]
        const classed = side === undefined ? '' : ` class="${side}"`
        return `<${name}${name === 'th' ? ' scope="col"' : ''}${classed}>${writePhrasing(cell, context)}</${name}>`
      })
      return `<tr>${written.join('')}</tr>\n`
    }
    const body = rows.length === 0 ? '' : `<tbody>\n${rows.map((cells) => row(cells, 'td')).join('')}</tbody>\n`
    return `<table${idAttribute(id)}>\n<caption>${escapeXml(label)}</caption>\n<thead>\n${row(head, 'th')}</thead>\n${body}</table>\n`
  }

  private quiz(quiz: BookQuiz, answers: AnswerPlace): string {
    const parts = quiz.parts.map((part) => (part.type === 'question' ? this.question(part) : this.block(part, answers)))
    const id = idAttribute(this.context.places.place(`quiz:${quiz.id}`, quiz.id))
    if (answers !== 'inline') this.later.push(quiz)
    const behind = answers === 'inline' ? `<div class="answers">\n${this.answers(quiz)}</div>\n` : ''
    return `<div class="quiz"${id}>\n${parts.join('')}${behind}</div>\n`
  }

  private question({id: key, number, form, prompt, options}: QuizQuestion): string {
    const {places, words} = this.context
    const id = idAttribute(places.place(`question:${key}`, key))
    const href = places.href(`answer:${key}`)
    const rows = options.map(({letter, children}) => {
      const mark = form === 'true-false' ? '' : `<span class="letter">${escapeXml(letter)})</span> `
      return `<li>${led(mark, this.blocks(children, 'inline'))}</li>\n`
    })
    const list = rows.length === 0 ? '' : `<ul class="options">\n${rows.join('')}</ul>\n`
    const link =
      href === undefined
        ? ''
        : `<p class="to-answer"><a href="${href}">${escapeXml(fillWords(words.answerTo, {number}))}</a></p>\n`
    return `<div class="question"${id}>\n${led(`<strong>${number}.</strong> `, this.blocks(prompt, 'inline'))}${list}${link}</div>\n`
  }

  private answer(question: QuizQuestion): string {
    const {id: key, number, explanation} = question
    const {places} = this.context
    const id = idAttribute(places.place(`answer:${key}`, `${key}-answer`))
    const href = places.href(`question:${key}`)
    const label = href === undefined ? `${number}.` : `<a href="${href}">${number}.</a>`
    const right = correctLabels(question).join(', ')
    const said = this.blocks(explanation, 'inline')
    const apart = said.startsWith('<p>') ? '– ' : ''
    const lead = right === '' ? `${label} ` : `${label} <strong>${escapeXml(right)}</strong> ${apart}`
    return `<div class="answer"${id}>\n${led(lead, said)}</div>\n`
  }
}

/** Puts a label at the beginning of blocks: in their first paragraph where they begin with one. */
function led(label: string, blocks: string): string {
  if (label === '') return blocks
  return blocks.startsWith('<p>') ? `<p>${label}${blocks.slice('<p>'.length)}` : `<p>${label.trimEnd()}</p>\n${blocks}`
}
