import type {BlockContent, ListItem, TableRow as MdastRow, Paragraph, PhrasingContent, RootContent, Text} from 'mdast'
import type {BookBlock, BookCallout, BookHeading, BookImage, BookPhrasing, LinkTarget, TableRow} from './book-nodes.ts'
import type {Footnote} from './export-book.ts'

/** What formats that are Markdown themselves differ in. */
export interface MarkdownDialect {
  /** Address that a link gets; undefined where its text is shown alone. */
  linkUrl(target: LinkTarget): string | undefined
  imageUrl(path: string): string
  /** What stands behind a heading's text to give it its id. */
  headingSuffix(heading: BookHeading): string
  /** What text becomes before it is serialised; default the text itself. */
  text?(value: string): string
  /** What code becomes, in blocks, of a language or of none, and in lines; default the code itself. */
  code?(value: string, language?: string): string
  /** Whether call-outs are fenced divisions, as Pandoc has them, and not quotations with a mark. */
  readonly hasDivisions?: true
}

/** Blocks of a book as Markdown's. Raw HTML is made of what is typed, and of nothing else. */
export function toMdast(blocks: readonly BookBlock[], dialect: MarkdownDialect): RootContent[] {
  return blocks.flatMap((block, at) => {
    // Pandoc makes one list of two that stand side by side, whatever their marks.
    const isNextList = dialect.hasDivisions && block.type === 'list' && blocks[at - 1]?.type === 'list'
    return [...(isNextList ? [{type: 'html', value: '<!-- -->'} as const] : []), ...blockNodes(block, dialect)]
  })
}

/** The definitions of a part's footnotes. */
export function footnoteNodes(footnotes: readonly Footnote[], dialect: MarkdownDialect): RootContent[] {
  return footnotes.map(({id, children}) => ({
    type: 'footnoteDefinition',
    identifier: id,
    label: id,
    children: toMdast(children, dialect) as BlockContent[],
  }))
}

function blockNodes(block: BookBlock, dialect: MarkdownDialect): RootContent[] {
  const inner = (children: readonly BookBlock[]): BlockContent[] => toMdast(children, dialect) as BlockContent[]
  switch (block.type) {
    case 'paragraph':
      return [{type: 'paragraph', children: phrasingNodes(block.children, dialect)}]
    case 'heading': {
      const suffix = dialect.headingSuffix(block)
      const behind: PhrasingContent[] = suffix === '' ? [] : [{type: 'html', value: suffix}]
      return [{type: 'heading', depth: block.depth, children: [...phrasingNodes(block.children, dialect), ...behind]}]
    }
    case 'list': {
      const children = block.children.map(
        (item): ListItem => ({
          type: 'listItem',
          spread: block.isLoose,
          ...(item.checked === undefined ? {} : {checked: item.checked}),
          children: inner(item.children),
        }),
      )
      const {isOrdered: ordered, isLoose: spread, start} = block
      return [{type: 'list', ordered, spread, ...(ordered ? {start} : {}), children}]
    }
    case 'code':
      return [{type: 'code', lang: block.language ?? null, value: codeOf(block.value, dialect, block.language)}]
    case 'math':
      return [{type: 'code', lang: 'math', value: codeOf(block.value, dialect)}]
    case 'table':
      return [
        {
          type: 'table',
          align: block.align.map((align) => align ?? null),
          children: [block.head, ...block.rows].map((row) => rowNode(row, dialect)),
        },
      ]
    case 'callout':
      if (dialect.hasDivisions) return divisionNodes(block, dialect)
      return [{type: 'blockquote', children: [...calloutLead(block, dialect), ...inner(block.children)]}]
    case 'details': {
      const open: RootContent = {type: 'html', value: `<details${block.isOpen ? ' open' : ''}>`}
      const summary: PhrasingContent[] = [
        {type: 'html', value: '<summary>'},
        ...phrasingNodes(block.summary, dialect),
        {type: 'html', value: '</summary>'},
      ]
      const lead: RootContent[] = block.summary.length === 0 ? [] : [{type: 'paragraph', children: summary}]
      return [open, ...lead, ...inner(block.children), {type: 'html', value: '</details>'}]
    }
    case 'blockquote':
      return [{type: 'blockquote', children: inner(block.children)}]
    case 'thematicBreak':
      // Between lines of hyphens Pandoc reads metadata.
      return [dialect.hasDivisions ? {type: 'html', value: '***'} : {type: 'thematicBreak'}]
    case 'figure':
      return [{type: 'paragraph', children: figureNodes(block.image, dialect)}]
    case 'quiz':
      // Formats lay a quiz out as ordinary blocks before.
      return []
  }
}

function calloutLead({kind, title}: BookCallout, dialect: MarkdownDialect): Paragraph[] {
  const mark: Paragraph = {type: 'paragraph', children: [{type: 'html', value: `[!${kind.toUpperCase()}]`}]}
  return title === undefined
    ? [mark]
    : [mark, {type: 'paragraph', children: [{type: 'strong', children: [textNode(title, dialect)]}]}]
}

function divisionNodes({kind, title, children}: BookCallout, dialect: MarkdownDialect): RootContent[] {
  return [
    {type: 'html', value: `::: {.callout-${kind}}`},
    ...(title === undefined
      ? []
      : [{type: 'heading' as const, depth: 2 as const, children: [textNode(title, dialect)]}]),
    ...toMdast(children, dialect),
    {type: 'html', value: ':::'},
  ]
}

function textNode(value: string, dialect: MarkdownDialect): Text {
  return {type: 'text', value: textOf(value, dialect)}
}

function textOf(value: string, dialect: MarkdownDialect): string {
  return dialect.text?.(value) ?? value
}

function codeOf(value: string, dialect: MarkdownDialect, language?: string): string {
  return dialect.code?.(value, language) ?? value
}

function rowNode(row: TableRow, dialect: MarkdownDialect): MdastRow {
  return {type: 'tableRow', children: row.map((cell) => ({type: 'tableCell', children: phrasingNodes(cell, dialect)}))}
}

/** Pandoc shows what stands in the brackets below the image: there goes the title, and the description to an attribute. */
function figureNodes(image: BookImage, dialect: MarkdownDialect): PhrasingContent[] {
  if (!dialect.hasDivisions || image.path === undefined) return [imageNode(image, dialect)]
  const {alt, title = '', ...rest} = image
  const shown = imageNode({...rest, alt: title}, dialect)
  // Signs as numbers, and no two braces side by side: nothing in it is a command.
  const value = alt
    .replace(/\s+/g, ' ')
    .replace(/([{}])(?=[{}])/g, '$1 ')
    .replace(/[^\p{L}\p{N} .,;:!?()'’–—-]/gu, (sign) => `&#${sign.codePointAt(0)};`)
  return value.trim() === '' ? [shown] : [shown, {type: 'html', value: `{fig-alt="${value}"}`}]
}

function imageNode(image: BookImage, dialect: MarkdownDialect): PhrasingContent {
  if (image.path === undefined) return textNode(image.alt, dialect)
  return {
    type: 'image',
    url: dialect.imageUrl(image.path),
    alt: textOf(image.alt, dialect),
    ...(image.title === undefined ? {} : {title: textOf(image.title, dialect)}),
  }
}

function phrasingNodes(nodes: readonly BookPhrasing[], dialect: MarkdownDialect): PhrasingContent[] {
  return nodes.flatMap((node) => phrasingNode(node, dialect))
}

function phrasingNode(node: BookPhrasing, dialect: MarkdownDialect): PhrasingContent[] {
  switch (node.type) {
    case 'text':
      return [textNode(node.value, dialect)]
    case 'inlineCode':
      return [{type: 'inlineCode', value: codeOf(node.value, dialect)}]
    case 'inlineMath':
      return [textNode('$', dialect), {type: 'inlineCode', value: codeOf(node.value, dialect)}, textNode('$', dialect)]
    case 'emphasis':
    case 'strong':
    case 'delete':
      return [{type: node.type, children: phrasingNodes(node.children, dialect)}]
    case 'break':
      return [{type: 'html', value: '<br>'}]
    case 'link': {
      const url = dialect.linkUrl(node.target)
      const children = phrasingNodes(node.children, dialect)
      return url === undefined
        ? children
        : [
            {
              type: 'link',
              url,
              ...(node.title === undefined ? {} : {title: textOf(node.title, dialect)}),
              children: children as never,
            },
          ]
    }
    case 'image':
      return [imageNode(node, dialect)]
    case 'footnoteReference':
      return [{type: 'footnoteReference', identifier: node.id, label: node.id}]
    case 'anchor':
      return [{type: 'html', value: `<a id="${node.id}"></a>`}]
    case 'element': {
      const title = node.title === undefined ? '' : ` title="${escapeAttribute(node.title)}"`
      return [
        {type: 'html', value: `<${node.name}${title}>`},
        ...phrasingNodes(node.children, dialect),
        {type: 'html', value: `</${node.name}>`},
      ]
    }
  }
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
