import type {InlineCode, PhrasingContent} from 'mdast'
import {decodeReferences} from '../book/decode-references.ts'
import type {BookPhrasing, InlineElementName} from './book-nodes.ts'
import type {Conversion} from './conversion.ts'
import {type HtmlToken, htmlTokens} from './html-tokens.ts'

const elements: ReadonlySet<string> = new Set<InlineElementName>(['sub', 'sup', 'kbd', 'abbr', 'mark'])

/** An element that is open. */
interface Frame {
  readonly tag: Extract<HtmlToken, {type: 'tag'}>
  readonly children: BookPhrasing[]
}

/** Phrasing of Markdown as a book's: links and images resolved, HTML typed where it is allowed and text where it is not. */
export function convertPhrasing(
  nodes: readonly PhrasingContent[],
  conversion: Conversion,
  line: number | undefined,
): BookPhrasing[] {
  const base: BookPhrasing[] = []
  const frames: Frame[] = []
  const add = (node: BookPhrasing): void => addTo(frames.at(-1)?.children ?? base, node)
  for (const node of joinMath(nodes)) {
    if (node.type !== 'html') {
      for (const made of convertNode(node, conversion, line)) add(made)
      continue
    }
    for (const token of htmlTokens(node.value)) takeToken(token, frames, add, conversion)
  }
  while (frames.length > 0) showFrame(frames, add, conversion)
  return base
}

/** HTML that is a block of its own, as phrasing. */
export function convertHtml(tokens: readonly HtmlToken[], conversion: Conversion): BookPhrasing[] {
  const base: BookPhrasing[] = []
  const frames: Frame[] = []
  const add = (node: BookPhrasing): void => addTo(frames.at(-1)?.children ?? base, node)
  for (const token of tokens) takeToken(token, frames, add, conversion, true)
  while (frames.length > 0) showFrame(frames, add, conversion)
  return base
}

/** Adds a node; texts that meet are one. */
function addTo(nodes: BookPhrasing[], node: BookPhrasing): void {
  const last = nodes.at(-1)
  if (node.type === 'text' && node.value === '') return
  if (last?.type === 'text' && node.type === 'text')
    nodes[nodes.length - 1] = {type: 'text', value: last.value + node.value}
  else nodes.push(node)
}

function takeToken(
  token: HtmlToken,
  frames: Frame[],
  add: (node: BookPhrasing) => void,
  conversion: Conversion,
  isBlock = false,
): void {
  if (token.type === 'text') add({type: 'text', value: isBlock ? decodeReferences(token.raw) : token.raw})
  else if (token.name === 'br') add({type: 'break'})
  else if (!token.isClosing && isAnchor(token)) {
    const id = anchorId(token.attributes)
    if (conversion.placeAnchor(id)) add({type: 'anchor', id})
    if (!token.raw.endsWith('/>')) frames.push({tag: token, children: []})
  } else if (!token.isClosing && elements.has(token.name)) frames.push({tag: token, children: []})
  else if (token.isClosing && frames.some(({tag}) => tag.name === token.name)) {
    while (frames.at(-1)?.tag.name !== token.name) showFrame(frames, add, conversion)
    const {tag, children} = frames.pop() as Frame
    for (const node of closed(tag, children)) add(node)
  } else if (token.isClosing && token.name === 'a' && conversion.openAnchors > 0) conversion.openAnchors--
  else add({type: 'text', value: token.raw})
}

/** Whether a tag sets a place that links lead to. */
function isAnchor({name, attributes}: Frame['tag']): boolean {
  return name === 'a' && anchorId(attributes) !== '' && !attributes.has('href')
}

function anchorId(attributes: ReadonlyMap<string, string>): string {
  return attributes.get('id') ?? attributes.get('name') ?? ''
}

function closed({name, attributes}: Frame['tag'], children: readonly BookPhrasing[]): readonly BookPhrasing[] {
  // Its place stands before it already.
  if (name === 'a') return children
  const title = decodeReferences(attributes.get('title') ?? '')
  return [{type: 'element', name: name as InlineElementName, ...(title === '' ? {} : {title}), children}]
}

/** Shows the tag of an element that nothing closes; the end of an anchor may stand in another block. */
function showFrame(frames: Frame[], add: (node: BookPhrasing) => void, conversion: Conversion): void {
  const {tag, children} = frames.pop() as Frame
  if (tag.name === 'a') conversion.openAnchors++
  else add({type: 'text', value: tag.raw})
  for (const child of children) add(child)
}

type Joined = PhrasingContent | {readonly type: 'inlineMath'; readonly value: string}

/** Formulas are code between dollar signs; takes the signs off the texts beside them. */
function joinMath(nodes: readonly PhrasingContent[]): Joined[] {
  const joined: Joined[] = [...nodes]
  for (let at = 1; at + 1 < joined.length; at++) {
    const [before, code, after] = joined.slice(at - 1, at + 2)
    if (code?.type !== 'inlineCode' || before?.type !== 'text' || after?.type !== 'text') continue
    if (!before.value.endsWith('$') || !after.value.startsWith('$')) continue
    joined[at - 1] = {type: 'text', value: before.value.slice(0, -1)}
    joined[at] = {type: 'inlineMath', value: (code as InlineCode).value.trim()}
    joined[at + 1] = {type: 'text', value: after.value.slice(1)}
  }
  return joined
}

function convertNode(node: Exclude<Joined, {type: 'html'}>, conversion: Conversion, line?: number): BookPhrasing[] {
  const own = 'position' in node ? (node.position?.start.line ?? line) : line
  const inner = (children: readonly PhrasingContent[]): BookPhrasing[] => convertPhrasing(children, conversion, own)
  const titled = (title: string | null | undefined): {title?: string} => (title == null || title === '' ? {} : {title})
  switch (node.type) {
    case 'text':
    case 'inlineCode':
      return [{type: node.type, value: node.value}]
    case 'inlineMath':
      return [node]
    case 'emphasis':
    case 'strong':
    case 'delete':
      return [{type: node.type, children: inner(node.children)}]
    case 'break':
      return [{type: 'break'}]
    case 'link':
      return link(node.url, titled(node.title), inner(node.children))
    case 'image':
      return [conversion.resolveImage({url: node.url, alt: node.alt ?? '', ...titled(node.title)}, own)]
    case 'linkReference': {
      const definition = conversion.definitions.get(node.identifier)
      if (definition === undefined) return inner(node.children)
      return link(definition.url, titled(definition.title), inner(node.children))
    }
    case 'imageReference': {
      const definition = conversion.definitions.get(node.identifier)
      if (definition === undefined) return [{type: 'text', value: node.alt ?? ''}]
      const image = {url: definition.url, alt: node.alt ?? '', ...titled(definition.title)}
      return [conversion.resolveImage(image, own)]
    }
    case 'footnoteReference':
      if (!conversion.footnotes.has(node.identifier))
        return [{type: 'text', value: `[^${node.label ?? node.identifier}]`}]
      return [{type: 'footnoteReference', ...conversion.numbers.call(node.identifier)}]
  }
  function link(url: string, title: {title?: string}, children: BookPhrasing[]): BookPhrasing[] {
    const target = conversion.resolveLink(url, own)
    return target === undefined ? children : [{type: 'link', target, ...title, children}]
  }
}
