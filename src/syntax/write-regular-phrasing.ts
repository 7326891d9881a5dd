import type {InlineCode, Link, PhrasingContent} from 'mdast'
import {characterKind} from './character-kind.ts'

/** Where phrasing content stands in what is written. */
export type PhrasingPlace = 'paragraph' | 'heading' | 'cell'

/** What surrounds a run of siblings. */
interface Frame {
  readonly place: PhrasingPlace
  readonly isLabel: boolean
  /** Whether the parent is emphasis. */
  readonly isEmphasis: boolean
  /** The character written before the first sibling and behind the last. */
  readonly before: string
  readonly after: string
}

const edges: Record<PhrasingPlace, {readonly before: string; readonly after: string}> = {
  paragraph: {before: '\n', after: '\n'},
  heading: {before: ' ', after: '\n'},
  cell: {before: '|', after: '|'},
}

/** Writes phrasing content as the serialiser does; undefined where that is not beyond doubt. */
export function writeRegularPhrasing(children: readonly PhrasingContent[], place: PhrasingPlace): string | undefined {
  return writeSiblings(children, {place, isLabel: false, isEmphasis: false, ...edges[place]})
}

function writeSiblings(children: readonly PhrasingContent[], frame: Frame): string | undefined {
  let written = ''
  /** The character written last. */
  let before = frame.before
  /** Whether the node before is emphasis, and the last character inside it. */
  let inner: string | undefined
  for (const [number, child] of children.entries()) {
    const next = children[number + 1]
    if (child.type === 'text') {
      if (next?.type === 'text' && !child.value.endsWith(' ') && !next.value.startsWith(' ')) return undefined
      if (child.value === '') continue
    }
    // Before HTML, the serialiser may take a line break back.
    if (child.type === 'html' && written !== '' && before === '\n') return undefined
    const piece =
      child.type === 'strong' || child.type === 'emphasis'
        ? inner === undefined && !(frame.isEmphasis && (written === '' || next === undefined))
          ? writeEmphasis(child, before, frame)
          : undefined
        : writeLeaf(child, before, next, frame)
    if (piece === undefined || piece === '') return undefined
    if (inner !== undefined && !canStandBeside(inner, piece)) return undefined
    inner = child.type === 'strong' || child.type === 'emphasis' ? innerEnd(piece) : undefined
    written += piece
    before = piece.charAt(piece.length - 1)
  }
  if (inner !== undefined && !canStandBeside(inner, frame.after)) return undefined
  // White space at the ends of a line is written as a reference.
  if (frame.after === '\n' && (written.startsWith(' ') || written.endsWith(' '))) return undefined
  return written
}

function writeLeaf(
  child: Exclude<PhrasingContent, {type: 'strong' | 'emphasis'}>,
  before: string,
  next: PhrasingContent | undefined,
  frame: Frame,
): string | undefined {
  switch (child.type) {
    case 'text':
      return writeText(child.value, before, next, frame)
    case 'inlineCode':
      return writeCode(child, frame.place)
    case 'link':
      return frame.isLabel ? undefined : writeLink(child, frame.place)
    case 'html':
      return child.value
    case 'break':
      return frame.place === 'paragraph' && !frame.isLabel && !frame.isEmphasis ? '\\\n' : undefined
    default:
      return undefined
  }
}

type Emphasis = Extract<PhrasingContent, {type: 'strong' | 'emphasis'}>

function writeEmphasis(node: Emphasis, before: string, frame: Frame): string | undefined {
  const text = writeSiblings(node.children, {
    place: frame.place,
    isLabel: frame.isLabel,
    isEmphasis: true,
    before: '*',
    after: '*',
  })
  if (text === undefined || text === '' || !canStandBeside(text.charAt(0), before)) return undefined
  const outside = kindOf(before)
  // Inside other emphasis, a run that could close it as well would.
  if (frame.isEmphasis && (outside === 'letter' || (outside === 'punctuation' && kindOf(text) !== 'letter')))
    return undefined
  const marks = node.type === 'strong' ? '**' : '*'
  return `${marks}${text}${marks}`
}

/** Last character inside the marks of emphasis as written. */
function innerEnd(written: string): string {
  return written.charAt(written.length - (written.startsWith('**') && written.endsWith('**') ? 3 : 2))
}

/** Whether marks between a character inside and one outside need no character written as a reference. */
function canStandBeside(inside: string, outside: string): boolean {
  const kind = kindOf(inside)
  return kind === 'letter' || (kind === 'punctuation' && kindOf(outside) !== 'letter')
}

function kindOf(text: string): ReturnType<typeof characterKind> {
  return characterKind(text.charCodeAt(0))
}

function writeCode({value}: InlineCode, place: PhrasingPlace): string | undefined {
  if (value === '' || /[`\n]/.test(value)) return undefined
  const isPadded = value.startsWith(' ') && value.endsWith(' ') && /[^ ]/.test(value)
  const text = isPadded ? `\` ${value} \`` : `\`${value}\``
  if (place !== 'cell' || !text.includes('|')) return text
  return text.includes('\\|') ? undefined : text.replace(/\|/g, '\\|')
}

const plainUrl = /^[\w\-.~:/?#@!$'*+,;=%]+$/

function writeLink(link: Link, place: PhrasingPlace): string | undefined {
  const {url, title, children} = link
  if (title || !plainUrl.test(url)) return undefined
  const label = writeSiblings(children, {place, isLabel: true, isEmphasis: false, before: '[', after: ']'})
  const [only] = children
  if (label === undefined || label === '') return undefined
  if (children.length === 1 && only?.type === 'text' && (only.value === url || `mailto:${only.value}` === url))
    return undefined
  return `[${label}](${url})`
}

/** Text that would begin another block at the start of a line. */
const blockStart = /^(?:[ #>=+\-|:]|\d+[.)])/
/** What needs a closer look; most text has none of it. */
const mayNeedEscape = /[\\`*_[\]<&~@|\n\t\r]|[Ww]\.|[ps]:\/|[!#]$/
/** Combinations that are left to the serialiser. */
const unusual = /[\n\t\r]|\\(?![A-Za-z\d \u0080-\uffff])|@_|_@|[Ww]\._|[Ww]\.[Ww]\.|@[-.\w]@/
const escaped =
  /[`*~[]|<(?=[A-Za-z!/?])|&(?=[#A-Za-z])|(?<=\])\(|(?<=[+\-.\w])@(?=[-.\w])|(?<=[Ww])\.(?=[-.\w])|(?<=[ps]):(?=\/)|\||_+/g

function writeText(
  written: string,
  before: string,
  next: PhrasingContent | undefined,
  frame: Frame,
): string | undefined {
  // A line break is kept behind `<br>`.
  const value = before === '>' && written.startsWith('\n') ? written.slice(1) : written
  const lead = written.slice(0, written.length - value.length)
  if (lead !== '' && (value === '' || frame.place !== 'paragraph' || frame.isLabel || frame.isEmphasis))
    return undefined
  if ((before === '\n' || lead !== '') && blockStart.test(value)) return undefined
  if (!mayNeedEscape.test(value)) return written
  if (unusual.test(value) || (frame.isLabel && /[[\]]/.test(value))) return undefined
  if (value.endsWith('!') && next !== undefined && (next.type === 'link' || next.type.endsWith('Reference')))
    return undefined
  if (value.endsWith('#') && frame.place === 'heading' && next === undefined) return undefined
  const isMarkBefore = before === '*'
  const isMarkBehind = next === undefined ? frame.isEmphasis : next.type === 'strong' || next.type === 'emphasis'
  return (
    lead +
    value.replace(escaped, (found, at: number) => {
      switch (found.charCodeAt(0)) {
        case 0x5f: {
          const end = at + found.length
          const isInWord =
            isLetter(value, at - 1) &&
            isLetter(value, end) &&
            !(at === 1 && isMarkBefore) &&
            !(end === value.length - 1 && isMarkBehind)
          return isInWord ? found : '\\_'.repeat(found.length)
        }
        case 0x7c:
          return frame.place === 'cell' ? '\\|' : found
        case 0x40:
        case 0x2e:
        case 0x3a:
          return frame.isLabel ? found : `\\${found}`
        default:
          return `\\${found}`
      }
    })
  )
}

function isLetter(value: string, at: number): boolean {
  return at >= 0 && at < value.length && characterKind(value.charCodeAt(at)) === 'letter'
}
