import type {PhrasingContent} from 'mdast'
import {type CharacterKind, characterKind} from './character-kind.ts'
import {contentEnd} from './line-spaces.ts'

/** Anything that may be more than text. */
const special = /[\\`*_[\]<&~@\n\t]|:\/\/|[wW]\./
const nextSpecial = /[\\`*_[\]<&~\n]/g
/** A link that needs no second look: neither brackets nor escapes in its text, nothing but an address in its target. */
const bracket = /\[([^\][\\\n]+)\](?:\(([^()<>\\\s]+)\))?/y
const characterReference = /&(?:#[xX]?[\da-fA-F]+|[A-Za-z\d]+);/
const plainTag = /<(?:[A-Za-z][A-Za-z\d-]* ?\/?|\/[A-Za-z][A-Za-z\d-]*)>/y
/** What the parser may take for the address of a page or a person, in text. */
const literalAddress = /https?:\/\/|www\.|[\w+\-.]@[\w-]/i
/** Deeper nesting is left to the parser. */
const maxNesting = 12
const escapable = /[!-/:-@[-`{-~]/

/**
 * Reads phrasing content of regular form without the Markdown parser, `label` being the text of a link: text, code
 * spans, emphasis, links and tags that are beyond doubt. Undefined where anything else may be meant.
 */
export function readRegularPhrasing(source: string, place: 'block' | 'cell' | 'label'): PhrasingContent[] | undefined {
  if (source === '') return []
  if (!special.test(source)) return [{type: 'text', value: source}]
  return new PhrasingReader(source, place).read()
}

/** An opened run of `*` or `_`, and what stood before it in the parent. */
interface OpenRun {
  readonly marker: number
  readonly size: number
  readonly siblings: PhrasingContent[]
}

class PhrasingReader {
  private at = 0
  /** Text that is read and no node yet. */
  private value = ''
  private children: PhrasingContent[] = []
  private readonly open: OpenRun[] = []
  private mayStrike = false
  private readonly outside: CharacterKind

  constructor(
    private readonly source: string,
    private readonly place: 'block' | 'cell' | 'label',
  ) {
    this.outside = place === 'label' ? 'punctuation' : 'space'
  }

  read(): PhrasingContent[] | undefined {
    const {source} = this
    if (source.includes('\t')) return undefined
    for (;;) {
      nextSpecial.lastIndex = this.at
      const index = nextSpecial.test(source) ? nextSpecial.lastIndex - 1 : source.length
      const code = index < source.length ? source.charCodeAt(index) : undefined
      this.value += source.slice(this.at, code === 0x0a ? contentEnd(source, this.at, index) : index)
      this.at = index
      if (code === undefined) break
      if (!this.readSpecial(code)) return undefined
    }
    return this.open.length === 0 && this.endText() ? this.children : undefined
  }

  private readSpecial(code: number): boolean {
    switch (code) {
      case 0x5c:
        return this.readEscape()
      case 0x60:
        return this.readCode()
      case 0x2a:
      case 0x5f:
        return this.readRun(code)
      case 0x7e:
        return this.readTildes()
      case 0x5b:
        return this.readBracket()
      case 0x5d:
        return !/[([]/.test(this.source.charAt(this.at + 1)) && this.takeText(1)
      case 0x3c:
        return this.readAngle()
      case 0x26:
        return !startsWithReference(this.source, this.at) && this.takeText(1)
      default:
        return this.readLineEnd()
    }
  }

  /** Takes characters as text. */
  private takeText(length: number): true {
    this.value += this.source.slice(this.at, this.at + length)
    this.at += length
    return true
  }

  /** Makes a node of the text so far; false if the parser might see an address in it. */
  private endText(): boolean {
    const {value} = this
    if (value === '') return true
    if (literalAddress.test(value)) return false
    this.children.push({type: 'text', value})
    this.value = ''
    return true
  }

  private push(node: PhrasingContent, end: number): boolean {
    if (!this.endText()) return false
    this.children.push(node)
    this.at = end
    return true
  }

  private readEscape(): boolean {
    const next = this.source.charAt(this.at + 1)
    if (next === '\n') return this.push({type: 'break'}, this.at + 2)
    if (!escapable.test(next)) return this.takeText(1)
    this.value += next
    this.at += 2
    return true
  }

  private readLineEnd(): boolean {
    return this.source.endsWith('  ', this.at) ? this.push({type: 'break'}, this.at + 1) : this.takeText(1)
  }

  private readCode(): boolean {
    const {source, at} = this
    const start = skip(source, at, 0x60)
    let close = source.indexOf('`', start)
    let end = close
    while (close !== -1) {
      end = skip(source, close, 0x60)
      if (end - close === start - at) break
      close = source.indexOf('`', end)
    }
    if (close === -1) return false
    let value = source.slice(start, close)
    if (value.includes('\n')) return false
    if (value.startsWith(' ') && value.endsWith(' ') && /[^ ]/.test(value)) value = value.slice(1, -1)
    if (this.place === 'cell') value = value.replace(/\\\|/g, '|')
    return this.push({type: 'inlineCode', value}, end)
  }

  /** A run of `*` or `_`: it opens, closes what was opened last, or is text for sure. */
  private readRun(marker: number): boolean {
    const {source, at} = this
    const end = skip(source, at, marker)
    const before = this.kindAt(at - 1)
    const after = this.kindAt(end)
    const isLeft = after === 'letter' || (after === 'punctuation' && before !== 'letter')
    const isRight = before === 'letter' || (before === 'punctuation' && after !== 'letter')
    const isStrict = marker === 0x5f
    const opens = isLeft && (!isStrict || before !== 'letter' || !isRight)
    const closes = isRight && (!isStrict || after !== 'letter' || !isLeft)
    if (isBesideRun(source, at, end)) return false
    const size = end - at
    if (!opens && !closes) return this.takeText(size)
    if (size > 2 || !this.endText()) return false
    this.at = end
    const last = this.open.at(-1)
    if (closes && last !== undefined && last.marker === marker && last.size === size) {
      this.open.pop()
      last.siblings.push({type: size === 2 ? 'strong' : 'emphasis', children: this.children})
      this.children = last.siblings
      return true
    }
    if (!opens || this.open.length === maxNesting || (closes && this.open.some((run) => run.marker === marker)))
      return false
    this.open.push({marker, size, siblings: this.children})
    this.children = []
    return true
  }

  /** One or two `~` strike through only between two of their kind; alone they are text. */
  private readTildes(): boolean {
    const {source, at} = this
    const end = skip(source, at, 0x7e)
    const before = this.kindAt(at - 1)
    const after = this.kindAt(end)
    if (isBesideRun(source, at, end)) return false
    const opens = after === 'letter' || (after === 'punctuation' && before !== 'letter')
    const closes = before === 'letter' || (before === 'punctuation' && after !== 'letter')
    if (end - at > 2 || (closes && this.mayStrike)) return false
    this.mayStrike ||= opens
    return this.takeText(end - at)
  }

  private readBracket(): boolean {
    const {source, at, place} = this
    if (place === 'label' || source.charAt(at - 1) === '!' || source.charAt(at + 1) === '^') return false
    bracket.lastIndex = at
    const match = bracket.exec(source)
    if (match === null) return false
    const [whole, label = '', url] = match
    if (url === undefined) return !/[([]/.test(source.charAt(at + whole.length)) && this.takeText(1)
    if (characterReference.test(url)) return false
    const children = readRegularPhrasing(label, 'label')
    return children !== undefined && this.push({type: 'link', title: null, url, children}, at + whole.length)
  }

  private readAngle(): boolean {
    const {source, at} = this
    if (!/[A-Za-z!/?]/.test(source.charAt(at + 1))) return this.takeText(1)
    plainTag.lastIndex = at
    const tag = plainTag.exec(source)?.[0]
    return tag !== undefined && this.push({type: 'html', value: tag}, at + tag.length)
  }

  private kindAt(at: number): CharacterKind {
    return at < 0 || at >= this.source.length ? this.outside : characterKind(this.source.charCodeAt(at))
  }
}

/** Offset behind the characters of one kind at `at`. */
function skip(source: string, at: number, code: number): number {
  let end = at
  while (end < source.length && source.charCodeAt(end) === code) end++
  return end
}

/** Whether another mark stands right before or behind a run: then both can do more than either alone. */
function isBesideRun(source: string, start: number, end: number): boolean {
  return (
    (start > 0 && isRunMark(source.charCodeAt(start - 1))) || (end < source.length && isRunMark(source.charCodeAt(end)))
  )
}

function isRunMark(code: number): boolean {
  return code === 0x2a || code === 0x5f || code === 0x7e
}

function startsWithReference(source: string, at: number): boolean {
  return characterReference.exec(source.slice(at, at + 40))?.index === 0
}
