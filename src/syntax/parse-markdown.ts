import type {Root} from 'mdast'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import {unified} from 'unified'
import {readRegularMarkdown} from './read-regular-markdown.ts'

// Made when the first text needs them: putting them together takes as long as reading an outline of regular form.
const makeProcessor = () => unified().use(remarkParse).use(remarkGfm).freeze()
const makeBookProcessor = () => unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter).freeze()
let processor: ReturnType<typeof makeProcessor> | undefined
let bookProcessor: ReturnType<typeof makeBookProcessor> | undefined

/** CommonMark and GFM to mdast, with positions. */
export function parseMarkdown(text: string): Root {
  processor ??= makeProcessor()
  return processor.parse(text)
}

/** As `parseMarkdown`, several times faster; nodes have a position only where the text is not regular. */
export function readMarkdown(text: string): Root {
  return readRegularMarkdown(text) ?? parseMarkdown(text)
}

/** As `parseMarkdown`, with YAML front matter as a node of its own: for a whole book. */
export function parseBookMarkdown(text: string): Root {
  bookProcessor ??= makeBookProcessor()
  return bookProcessor.parse(text)
}
