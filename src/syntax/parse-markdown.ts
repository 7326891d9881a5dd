import type {Root} from 'mdast'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import {unified} from 'unified'

const processor = unified().use(remarkParse).use(remarkGfm).freeze()
const processorWithFrontMatter = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter).freeze()

/** CommonMark and GFM to mdast, with positions. */
export function parseMarkdown(text: string): Root {
  return processor.parse(text)
}

/** As `parseMarkdown`, with YAML front matter as a node of its own: for a whole book. */
export function parseBookMarkdown(text: string): Root {
  return processorWithFrontMatter.parse(text)
}
