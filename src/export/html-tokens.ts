/** A tag of raw HTML, or what stands between tags. */
export type HtmlToken =
  | {
      readonly type: 'tag'
      readonly name: string
      readonly isClosing: boolean
      readonly attributes: ReadonlyMap<string, string>
      readonly raw: string
    }
  | {readonly type: 'text'; readonly raw: string}

const pattern =
  /<!--[^]*?-->|<(\/?)([a-zA-Z][\w-]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'<>]+))?)*)\s*\/?>/g

/** Cuts raw HTML into tags and text, in order; comments, which no reader sees, are left out. */
export function htmlTokens(html: string): HtmlToken[] {
  const tokens: HtmlToken[] = []
  let at = 0
  const textUpTo = (end: number): void => {
    if (end > at) tokens.push({type: 'text', raw: html.slice(at, end)})
  }
  for (const match of html.matchAll(pattern)) {
    const [raw, slash, name, attributes = ''] = match
    textUpTo(match.index)
    at = match.index + raw.length
    if (name === undefined) continue
    tokens.push({
      type: 'tag',
      name: name.toLowerCase(),
      isClosing: slash === '/',
      attributes: readAttributes(attributes),
      raw,
    })
  }
  textUpTo(html.length)
  return tokens
}

function readAttributes(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, name = '', value = ''] of text.matchAll(/([^\s"'>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?/g)) {
    found.set(name.toLowerCase(), value.replace(/^["']|["']$/g, ''))
  }
  return found
}
