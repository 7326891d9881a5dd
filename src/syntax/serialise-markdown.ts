import type {RootContent, Table} from 'mdast'
import {gfmToMarkdown} from 'mdast-util-gfm'
import {type Handle, type Options, toMarkdown} from 'mdast-util-to-markdown'
import {type SerialiseOptions, writeRegularMarkdown} from './write-regular-markdown.ts'

const delimiters: Record<string, string> = {left: ':---', right: '---:', center: ':---:'}

/** Tables without padding, so that a change of one cell changes one line. */
const table: Handle = (node: Table, _parent, state, info) => {
  const exit = state.enter('table')
  const rows = node.children.map((row) => row.children.map((cell) => state.handle(cell, row, state, info)))
  exit()
  const width = Math.max(...rows.map((row) => row.length))
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const head = Array.from({length: width}, (_, column) => delimiters[node.align?.[column] ?? ''] ?? '---')
  const [first = [], ...rest] = rows.map((row) => [...row, ...Array<string>(width - row.length).fill('')])
  return [line(first), line(head), ...rest.map(line)].join('\n')
}

const options: Options = {
  bullet: '-',
  emphasis: '*',
  strong: '*',
  fence: '`',
  fences: true,
  listItemIndent: 'one',
  rule: '-',
  incrementListMarker: true,
  extensions: [gfmToMarkdown(), {handlers: {table}}],
}

/** Blocks as Markdown text in one fixed style, without a line end at the end. */
export function serialiseMarkdown(children: readonly RootContent[], style: SerialiseOptions = {}): string {
  return writeRegularMarkdown(children, style) ?? serialiseAnyMarkdown(children, style)
}

/** As `serialiseMarkdown`, always by the serialiser. */
export function serialiseAnyMarkdown(children: readonly RootContent[], style: SerialiseOptions = {}): string {
  const text = toMarkdown({type: 'root', children: [...children]}, {...options, ...style})
  return text.endsWith('\n') ? text.slice(0, -1) : text
}
