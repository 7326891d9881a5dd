import type {Root} from 'mdast'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import {unified} from 'unified'
import {readRegularMarkdown} from './read-regular-markdown.ts'

const processor = unified().use(remarkParse).use(remarkGfm).freeze()
const processorWithFrontMatter = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter).freeze()

/** CommonMark and GFM to mdast, with positions. */
export function parseMarkdown(text: string): Root {
  return processor.parse(text)
}

/** As `parseMarkdown`, several times faster; nodes have a position only where the text is not regular. */
export function readMarkdown(text: string): Root {
  return readRegularMarkdown(text) ?? parseMarkdown(text)
}

/** As `parseMarkdown`, with YAML front matter as a node of its own: for a whole book. */
export function parseBookMarkdown(text: string): Root {
  return processorWithFrontMatter.parse(text)
}
