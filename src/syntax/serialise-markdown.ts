import type {RootContent} from 'mdast'
import {gfmToMarkdown} from 'mdast-util-gfm'
import {type Options, toMarkdown} from 'mdast-util-to-markdown'

export interface SerialiseOptions {
  /** Marker of bulleted lists; a list right after another one gets a different marker. */
  readonly bullet?: '-' | '*' | '+'
  /** Character behind the numbers of numbered lists. */
  readonly bulletOrdered?: '.' | ')'
}

const options: Options = {
  bullet: '-',
  emphasis: '*',
  strong: '*',
  fence: '`',
  fences: true,
  listItemIndent: 'one',
  rule: '-',
  resourceLink: true,
  incrementListMarker: true,
  extensions: [gfmToMarkdown({tablePipeAlign: false})],
}

/** Blocks as Markdown text in one fixed style, without a line end at the end. */
export function serialiseMarkdown(children: readonly RootContent[], style: SerialiseOptions = {}): string {
  const text = toMarkdown({type: 'root', children: [...children]}, {...options, ...style})
  return text.endsWith('\n') ? text.slice(0, -1) : text
}
