import type {Definition, FootnoteDefinition, Heading, Parents, Root, RootContent} from 'mdast'
import type {BookMetadata} from '../model/outline.ts'
import {splitTitle} from '../syntax/chapter-number.ts'
import {eachNode} from '../syntax/each-node.ts'
import {headingTitle} from '../syntax/heading-title.ts'
import type {BookHeading, BookImage} from './book-nodes.ts'
import {capDepth} from './cap-depth.ts'
import {collectLists} from './collect-lists.ts'
import type {Conversion} from './conversion.ts'
import {convertBlocks, convertHeading} from './convert-blocks.ts'
import type {BookPart, BookParts, Chapter, DirectiveSpan, ExportBook, ExportFinding, Footnote} from './export-book.ts'
import {hasExportWords, wordLanguages} from './export-words.ts'
import {findQuizzes} from './find-quizzes.ts'
import {FootnoteNumbers} from './footnote-numbers.ts'
import {htmlTokens} from './html-tokens.ts'
import {linkBook} from './link-book.ts'
import {type NumberedHeadings, numberHeadings} from './number-headings.ts'
import {resolveImage} from './resolve-image.ts'
import {resolveLink} from './resolve-link.ts'
import {SectionKinds} from './section-regions.ts'

/** What an export is made of. */
export interface ExportInput {
  /** The book, parsed once by `parseBookMarkdown`; it is changed. */
  readonly root: Root
  readonly metadata: BookMetadata
  /** Title of a book that has none. */
  readonly name: string
  /** By line, where the source map is known; without them sections are recognised by their titles. */
  readonly directives?: readonly DirectiveSpan[]
}

/** Makes the one value that every format renders. Reads nothing else; the same input gives the same value. */
export function makeExportBook({root, metadata, name, directives}: ExportInput): ExportBook {
  capDepth(root)
  const headings = numberHeadings(root, metadata.title)
  const {titleHeading} = headings
  const title = metadata.title ?? (titleHeading === undefined ? name : headingTitle(titleHeading))
  const conversion = makeConversion(root, headings)
  const parts = convertParts(root, headings, conversion, title)
  const kinds = new SectionKinds(directives)
  const language = knownLanguage(metadata.language)
  const linked = linkBook(findQuizzes(parts, kinds, conversion.ids), kinds)
  const lists = collectLists(linked, kinds, language, conversion.ids)
  return {
    metadata: {...metadata, title, language},
    ...linked,
    ...lists,
    findings: [...wordFindings(metadata.language), ...conversion.findings, ...lists.findings].sort(
      (a, b) => (a.line ?? 0) - (b.line ?? 0),
    ),
  }
}

function wordFindings(language: string | undefined): ExportFinding[] {
  if (language === undefined || hasExportWords(knownLanguage(language, ''))) return []
  const reason = `Cannot name the parts of the book in \`${language.slice(0, 40)}\`, expected one of ${wordLanguages.join(', ')}; the words that an export adds are English`
  return [{ruleId: 'untranslated-words', reason}]
}

function knownLanguage(language: string | undefined, otherwise = 'en'): string {
  try {
    return Intl.getCanonicalLocales(language ?? 'en')[0] ?? otherwise
  } catch {
    // No name of a language: `English (UK)`.
    return otherwise
  }
}

function makeConversion(root: Root, {byNode, ids}: NumberedHeadings): Conversion {
  const definitions = new Map<string, Definition>()
  const footnotes = new Map<string, FootnoteDefinition>()
  const findings: ExportFinding[] = []
  const anchors = new Map<string, number>()
  const free = new Set<string>()
  for (const {id, chapter} of byNode.values()) anchors.set(id, chapter)
  let chapter = -1
  eachNode(root, (node) => {
    if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node)
    else if (node.type === 'footnoteDefinition' && !footnotes.has(node.identifier)) footnotes.set(node.identifier, node)
    else if (node.type === 'heading') chapter = byNode.get(node)?.chapter ?? chapter
    else if (node.type === 'html') {
      for (const id of anchorsIn(node.value)) {
        if (anchors.has(id)) continue
        anchors.set(id, chapter)
        free.add(ids.take(id))
      }
    }
  })
  return {
    headings: byNode,
    definitions,
    footnotes,
    numbers: new FootnoteNumbers(),
    ids,
    findings,
    tableCount: 0,
    headingTitle: '',
    placeAnchor: (id) => free.delete(id),
    resolveLink(url, line) {
      const target = resolveLink(url, anchors)
      if (target !== 'dead') return target
      const reason = `Cannot find \`${url}\` in the book, expected the anchor of a heading; the text stays without a link`
      findings.push({ruleId: 'broken-anchor', reason, ...(line === undefined ? {} : {line})})
      return undefined
    },
    resolveImage(image, line): BookImage {
      const resolved = resolveImage(image)
      if (resolved.refused !== undefined) {
        const reason = `Cannot show the image \`${image.url.slice(0, 80)}\`, which ${resolved.refused}; expected a png, jpg, gif, svg or webp below the book's folder`
        findings.push({ruleId: 'refused-image', reason, ...(line === undefined ? {} : {line})})
      }
      return resolved
    },
  }
}

/** Ids of `<a id>` that may be ids in any format. */
function anchorsIn(html: string): string[] {
  return htmlTokens(html).flatMap((token) => {
    if (token.type !== 'tag' || token.name !== 'a' || token.isClosing) return []
    const id = token.attributes.get('id') ?? token.attributes.get('name') ?? ''
    return /^[A-Za-z][\w.-]{0,199}$/.test(id) ? [id] : []
  })
}

function convertParts(root: Root, headings: NumberedHeadings, conversion: Conversion, title: string): BookParts {
  const isChapter = new Set<RootContent>(headings.chapters)
  const groups: {heading?: Heading; nodes: RootContent[]}[] = [{nodes: []}]
  for (const node of root.children) {
    if (node === headings.titleHeading) continue
    if (isChapter.has(node)) groups.push({heading: node as Heading, nodes: []})
    else groups.at(-1)?.nodes.push(node)
  }
  const [front, ...rest] = groups
  const frontMatter = convertPart(front?.nodes ?? [], conversion)
  // A book without a heading is one chapter.
  if (rest.length === 0) {
    const heading: BookHeading = {
      type: 'heading',
      depth: 1,
      id: conversion.ids.take('book'),
      title,
      children: [{type: 'text', value: title}],
    }
    return {frontMatter: {children: [], footnotes: []}, chapters: [makeChapter(heading, frontMatter, 0)]}
  }
  return {
    frontMatter,
    chapters: rest.map(({heading, nodes}, at) => {
      conversion.numbers.beginChapter()
      const own = convertHeading(heading as Heading, conversion)
      return makeChapter(own, convertPart(nodes, conversion, true), at)
    }),
  }
}

function makeChapter(heading: BookHeading, part: BookPart, at: number): Chapter {
  const numbered = splitTitle(heading.title)
  return {
    heading,
    id: heading.id,
    title: heading.title,
    bareTitle: numbered?.rest ?? heading.title,
    number: numbered?.written ?? String(at + 1),
    isNumbered: numbered !== undefined,
    ...part,
  }
}

function convertPart(nodes: readonly RootContent[], conversion: Conversion, isBegun = false): BookPart {
  if (!isBegun) conversion.numbers.beginChapter()
  const children = convertBlocks(nodes, conversion)
  const footnotes: Footnote[] = []
  // A footnote may call others.
  for (
    let [next] = conversion.numbers.called(0);
    next !== undefined;
    [next] = conversion.numbers.called(footnotes.length)
  ) {
    const [label, call] = next
    const definition = conversion.footnotes.get(label) as Parents
    footnotes.push({...call, children: convertBlocks(definition.children as RootContent[], conversion)})
  }
  return {children, footnotes}
}
