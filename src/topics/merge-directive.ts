import type {OutlineSegment} from './outline-segments.ts'

export interface MergeTexts {
  /** Merges three versions of a text; undefined where both sides changed the same of it. */
  mergeTexts(versions: {readonly base: string; readonly author: string; readonly fresh: string}): string | undefined
}

interface Parts {
  /** From the line's start up to the end of the opening tag. */
  readonly opening: string
  readonly attributes: ReadonlyMap<string, string>
  readonly closing: string
  readonly value: string
}

const lists: ReadonlySet<string> = new Set(['tags', 'sources', 'depends'])

/**
 * A directive that both sides changed: its attributes each by itself and its prompt as a text. Undefined where both sides
 * changed the same of it, or it is not of the form that the program writes.
 */
export function mergeDirective(
  {
    base,
    author,
    fresh,
  }: {
    readonly base: OutlineSegment | undefined
    readonly author: OutlineSegment
    readonly fresh: OutlineSegment
  },
  {mergeTexts}: MergeTexts,
): string | undefined {
  const [was, is, will] = [base, author, fresh].map(partsOf)
  if (was === undefined || is === undefined || will === undefined) return undefined
  const attributes = mergeAttributes(was.attributes, is.attributes, will.attributes)
  if (attributes === undefined) return undefined
  const value = mergeValue(was.value, is.value, will.value, mergeTexts)
  if (value === undefined) return undefined
  const written = [...attributes].map(([name, own]) => ` ${name}="${own}"`).join('')
  const opening = is.opening.replace(/<([\w-]+)[^<>]*>$/, `<$1${written}>`)
  const indent = author.isItem === true ? '    ' : ''
  const lines = value.split('\n').map((line, at) => (at === 0 || line === '' ? line : indent + line))
  return `${opening}${lines.join('\n')}${is.closing}`
}

function mergeValue(
  base: string,
  author: string,
  fresh: string,
  mergeTexts: MergeTexts['mergeTexts'],
): string | undefined {
  if (author === fresh || fresh === base) return author
  if (author === base) return fresh
  return mergeTexts({base, author, fresh})?.trim()
}

function partsOf(segment: OutlineSegment | undefined): Parts | undefined {
  if (segment?.directive === undefined) return undefined
  const match = /^([^<]*<[\w-]+((?:\s+[\w-]+="[^"<>]*")*)\s*>)[^]*?(<\/[\w-]+>["”`]*)$/.exec(segment.text)
  if (match === null || segment.text.slice(match[1]?.length).includes('<prompt')) return undefined
  const [, opening = '', written = '', closing = ''] = match
  const pairs = [...written.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', own = '']) => [name, own] as const)
  return {opening, attributes: new Map(pairs), closing, value: segment.directive.value}
}

function mergeAttributes(
  base: ReadonlyMap<string, string>,
  author: ReadonlyMap<string, string>,
  fresh: ReadonlyMap<string, string>,
): Map<string, string> | undefined {
  const merged = new Map<string, string>()
  for (const name of new Set([...author.keys(), ...fresh.keys()])) {
    const [was, is, will] = [base.get(name), author.get(name), fresh.get(name)]
    if (is === will || will === was) {
      if (is !== undefined) merged.set(name, is)
    } else if (is === was) {
      if (will !== undefined) merged.set(name, will)
    } else if (lists.has(name)) {
      const items = mergeList(split(was), split(is), split(will))
      if (items.length > 0) merged.set(name, items.join(' '))
    } else return undefined
  }
  return merged
}

/** What either side put in is in, what either side took out is out. */
function mergeList(base: readonly string[], author: readonly string[], fresh: readonly string[]): string[] {
  const was = new Set(base)
  const [is, will] = [new Set(author), new Set(fresh)]
  return [...new Set([...author, ...fresh])].filter((one) => (was.has(one) ? is.has(one) && will.has(one) : true))
}

function split(list: string | undefined): string[] {
  return (list ?? '').split(/[\s,]+/).filter((one) => one !== '')
}
