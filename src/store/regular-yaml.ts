/** Maps of strings, whole numbers and booleans, nested in each other. */
export type RegularYaml = {[key: string]: string | number | boolean | RegularYaml}

/** A scalar without quotes, spaces and other marks: ids, addresses, names of models, times. */
const plain = /^[A-Za-z\d\u00c0-\u024f\u0370-\u1fff\u3040-\ud7ff][\w./#:\-\u00c0-\u024f\u0370-\u1fff\u3040-\ud7ff]*$/
/** Several words of letters, such as a person's name. */
const words = /^[A-Za-z\u00c0-\u024f][\w.\u00c0-\u024f-]*(?: [A-Za-z\u00c0-\u024f][\w.\u00c0-\u024f-]*)+$/
/** What YAML reads as something else than text, or may. */
const notText = /^(?:[\d.eE+_-]*|0[xo][^]*|null|true|false)$/i
const number = /^(?:0|[1-9]\d{0,14})$/
const line = /^( *)([^\s:]+):(?: (\S+(?: \S+)*))?$/

/** Writes front matter as the `yaml` package does, where every value is regular; undefined otherwise. */
export function writeRegularYaml(map: object): string | undefined {
  return writeMap(map, '') || undefined
}

/** Lines of a map; empty where it has no members. */
function writeMap(map: object, indent: string): string | undefined {
  let text = ''
  for (const [key, value] of Object.entries(map)) {
    if (value === undefined) continue
    const written = isText(key) && !key.includes(':') ? writeValue(value, indent) : undefined
    if (written === undefined) return undefined
    text += `${indent}${key}:${written}\n`
  }
  return text
}

function writeValue(value: unknown, indent: string): string | undefined {
  if (typeof value === 'string') return isText(value) || isWords(value) ? ` ${value}` : undefined
  if (typeof value === 'boolean') return ` ${value}`
  if (typeof value === 'number') return number.test(String(value)) ? ` ${value}` : undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const map = writeMap(value, `${indent}  `)
  return map === '' ? ' {}' : map && `\n${map.slice(0, -1)}`
}

/** Reads front matter that `writeRegularYaml` could have written, many times faster; undefined for anything else. */
export function readRegularYaml(source: string): RegularYaml | undefined {
  const root: RegularYaml = {}
  const open = [root]
  let depth = 0
  for (const written of source.replace(/\n$/, '').split('\n')) {
    const match = line.exec(written)
    if (match === null) return undefined
    const [, indent = '', key = '', value] = match
    // A key without a value must have a map under it.
    const wanted = depth < open.length - 1 ? [depth + 1] : Array.from({length: depth + 1}, (_, level) => level)
    depth = indent.length / 2
    if (!wanted.includes(depth) || !isText(key)) return undefined
    const map = open[depth] as RegularYaml
    if (Object.hasOwn(map, key) || key === '__proto__') return undefined
    open.length = depth + 1
    if (value === undefined) {
      const inner: RegularYaml = {}
      map[key] = inner
      open.push(inner)
    } else {
      const scalar = value === '{}' ? {} : readScalar(value)
      if (scalar === undefined) return undefined
      map[key] = scalar
    }
  }
  return depth === open.length - 1 ? root : undefined
}

function readScalar(value: string): string | number | boolean | undefined {
  if (isText(value) || isWords(value)) return value
  if (number.test(value)) return Number(value)
  return value === 'true' ? true : value === 'false' ? false : undefined
}

function isWords(value: string): boolean {
  return value.length <= 400 && words.test(value) && !value.endsWith('-')
}

function isText(value: string): boolean {
  return value.length <= 400 && plain.test(value) && !/[:-]$/.test(value) && !notText.test(value)
}
