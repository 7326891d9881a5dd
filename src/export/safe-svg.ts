const tag =
  /<(?:\?xml[^<>?]*\?>|!--(?:(?!--)[^])*-->|(\/?)([A-Za-z][\w.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>)/y
const attribute = /([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g
const reference = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});)/i
const drawing: ReadonlySet<string> = new Set(
  `svg g defs symbol title desc metadata path rect circle ellipse line polyline polygon text tspan textPath use
  linearGradient radialGradient stop clipPath mask pattern marker`.split(/\s+/),
)
const names = /^(?:xmlns|xmlns:xlink|xml:space|xml:lang|[a-z][a-zA-Z0-9-]*)$/

/**
 * Whether a file is an SVG that only draws: well-formed, of drawing elements without a name space, with no script, no
 * style sheet, no entity of its own and no reference out of the file. What is in doubt is not safe.
 */
export function isSafeSvg(content: Uint8Array): boolean {
  let text: string
  try {
    text = new TextDecoder('utf-8', {fatal: true}).decode(content)
  } catch {
    // No UTF-8, so no text that is understood.
    return false
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML refuses
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text)) return false
  const open: string[] = []
  const ids = new Set<string>()
  let isBegun = false
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('<', at)
    const between = text.slice(at, next === -1 ? text.length : next)
    if (open.length === 0 ? between.trim() !== '' : reference.test(between) || between.includes(']]>')) return false
    if (next === -1) break
    tag.lastIndex = next
    const match = tag.exec(text)
    if (match === null) return false
    at = tag.lastIndex
    const [whole, closing, name, attributes = '', single] = match
    if (name === undefined) {
      if (whole.startsWith('<?') && next !== 0) return false
      continue
    }
    if (closing === '/') {
      if (open.pop() !== name || attributes !== '' || single === '/') return false
      continue
    }
    const isRoot = open.length === 0
    if ((isRoot && (isBegun || name !== 'svg')) || !drawing.has(name) || !areSafe(attributes, isRoot, ids)) return false
    isBegun = true
    if (single !== '/') open.push(name)
  }
  return isBegun && open.length === 0
}

function areSafe(attributes: string, isRoot: boolean, ids: Set<string>): boolean {
  const seen = new Set<string>()
  for (const [, name = '', double, simple] of attributes.matchAll(attribute)) {
    const value = double ?? simple ?? ''
    const isName = names.test(name) || name === 'xlink:href'
    if (!isName || seen.has(name) || reference.test(value) || /^on|^(?:style|base)$/i.test(name)) return false
    seen.add(name)
    if (/^(?:xlink:)?href$/.test(name) && !/^#[\w.-]+$/.test(value)) return false
    if (/url\s*\(\s*(?!#)|&#|javascript:/i.test(value)) return false
    if (name === 'xmlns' && (!isRoot || value !== 'http://www.w3.org/2000/svg')) return false
    if (name === 'xmlns:xlink' && value !== 'http://www.w3.org/1999/xlink') return false
    if (name === 'id') {
      if (ids.has(value) || !/^[A-Za-z_][\w.-]*$/.test(value)) return false
      ids.add(value)
    }
  }
  return !isRoot || seen.has('xmlns')
}
