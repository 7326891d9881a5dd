/** A tag of a directive as it stands in the source. */
export interface Tag {
  readonly type: 'open' | 'close'
  readonly name: string
  readonly start: number
  readonly end: number
  readonly attributes: readonly RawAttribute[]
}

export interface RawAttribute {
  readonly name: string
  readonly value: string
}

const attributePattern = /\s+([^\s=>"'/“”‘’<]+)(?:\s*=\s*("[^"]*"|'[^']*'|“[^“”]*”|[^\s>"']+))?/y
const tagEndPattern = /\s*>/y

/** Every opening and closing tag in the text, in order, whatever it stands in. Names are compared without case. */
export function scanTags(text: string, tagNames: readonly string[]): Tag[] {
  const names = tagNames.map((name) => name.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&')).join('|')
  const pattern = new RegExp(`<(/?)(${names})(?![\\w.:-])`, 'gi')
  const tags: Tag[] = []
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const tag = readTag(text, match.index, pattern.lastIndex, match[1] === '/', match[2] as string)
    if (tag === undefined) continue
    tags.push(tag)
    pattern.lastIndex = tag.end
  }
  return tags
}

function readTag(text: string, start: number, nameEnd: number, isClosing: boolean, name: string): Tag | undefined {
  const attributes: RawAttribute[] = []
  let at = nameEnd
  if (!isClosing) {
    attributePattern.lastIndex = at
    for (let match = attributePattern.exec(text); match !== null; match = attributePattern.exec(text)) {
      if (/\n[ \t]*\r?\n/.test(match[0])) return undefined
      attributes.push({name: match[1] as string, value: unquote(match[2] ?? '')})
      at = attributePattern.lastIndex
    }
  }
  tagEndPattern.lastIndex = at
  if (!tagEndPattern.test(text)) return undefined
  return {type: isClosing ? 'close' : 'open', name, start, end: tagEndPattern.lastIndex, attributes}
}

function unquote(value: string): string {
  return /^(?:"[^]*"|'[^]*'|“[^]*”)$/.test(value) ? value.slice(1, -1) : value
}

/** Matches what looks like a tag of a directive and is none: `< prompt>`, `＜prompt＞`, `<prompt/>`, letters of another script. */
export const lookalikePattern =
  /<\s+\/?prompt\s*>|<\/\s+prompt\s*>|[＜‹〈]\/?prompt[＞›〉>]|<prompt[^<>]*\/>|<\/?(?!prompt)[pр][rг][oоο][mм][pр][tт]\s*>/gi
