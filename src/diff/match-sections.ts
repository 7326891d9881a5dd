import type {SidePassage, SideSection} from './book-side.ts'

/** A section of either side with its counterpart. */
export interface Pair<Value> {
  readonly before: Value
  readonly after: Value
}

/**
 * Pairs sections as texts are matched to directives (contract, F1): by id and prompt, by prompt, by text, by id. Of
 * several with one prompt that with the same text is taken, then that whose id ends alike. Last, below a heading that was
 * renamed, what stood under the same name there. In the order of `after`.
 */
export function matchSections(before: readonly SideSection[], after: readonly SideSection[]): Pair<SideSection>[] {
  const promptOf = ({prompt}: SideSection): string | undefined => prompt?.address
  const pairs = matchBy(before, after, [
    (section) => joined(section.id, promptOf(section) ?? ''),
    (section) => joined(promptOf(section), foldText(section.text)),
    (section) => joined(promptOf(section), lastPart(section.id)),
    promptOf,
    (section) => foldText(section.text),
    ({id}) => id,
  ])
  const names = renamedHeadings(pairs)
  if (names.size === 0) return pairs
  const partners = new Map(pairs.map((pair) => [pair.after, pair.before]))
  const taken = new Set(partners.values())
  const more = matchBy(
    before.filter((section) => !taken.has(section)),
    after.filter((section) => !partners.has(section)),
    [({id}, isBefore) => (isBefore ? id : oldId(id, names))],
  )
  for (const pair of more) partners.set(pair.after, pair.before)
  return inOrderOf(after, partners)
}

/** The id that a section had before a heading above it was renamed; undefined where none was. */
function oldId(id: string, names: ReadonlyMap<string, string>): string | undefined {
  for (let end = id.lastIndexOf('/'); end > 0; end = id.lastIndexOf('/', end - 1)) {
    const old = names.get(id.slice(0, end))
    if (old !== undefined) return old + id.slice(end)
  }
  return undefined
}

/**
 * Pairs what the author wrote below headings: by id and text, by id, by the headings above sections that are a pair, so
 * that a renamed chapter is the same one, then by text.
 */
export function matchPassages(
  before: readonly SidePassage[],
  after: readonly SidePassage[],
  sections: readonly Pair<SideSection>[],
): Pair<SidePassage>[] {
  const renamed = renamedHeadings(sections)
  const idBefore = new Set(before.map(({id}) => id))
  const idAfter = new Set(after.map(({id}) => id))
  // Of a heading that was renamed, the name before; a name that stands on both sides was not.
  const oldNames = new Map([...renamed].filter(([id, old]) => !idBefore.has(id) && !idAfter.has(old)))
  const newNames = new Map([...oldNames].map(([id, old]) => [old, id]))
  return matchBy(before, after, [
    ({id, text}) => joined(id, foldText(text)),
    ({id}) => id,
    ({id}, isBefore) => (isBefore ? newNames.get(id) : oldNames.has(id) ? id : undefined),
    ({text}) => foldText(text),
  ])
}

/** Names of the headings above sections after, with the names that they had before. */
function renamedHeadings(sections: readonly Pair<SideSection>[]): Map<string, string> {
  const renamed = new Map<string, string>()
  for (const {before, after} of sections) {
    const was = before.sectionId.split('/')
    const is = after.sectionId.split('/')
    if (before.sectionId === after.sectionId || was.length !== is.length) continue
    for (let depth = 1; depth <= is.length; depth++) {
      const [old, name] = [was.slice(0, depth).join('/'), is.slice(0, depth).join('/')]
      if (old !== name && !renamed.has(name)) renamed.set(name, old)
    }
  }
  return renamed
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}

function joined(one: string | undefined, other: string | undefined): string | undefined {
  return one === undefined || other === undefined ? undefined : `${one}\n${other}`
}

/** A text without its wrapping; undefined for none. */
function foldText(text: string | undefined): string | undefined {
  const folded = text?.replace(/\s+/g, ' ').trim()
  return folded === '' ? undefined : folded
}

type KeyOf<Value> = (value: Value, isBefore: boolean) => string | undefined

/** Pairs values by one key after the other; of several with one key the first that are free. Linear in both. */
function matchBy<Value>(
  before: readonly Value[],
  after: readonly Value[],
  keys: readonly KeyOf<Value>[],
): Pair<Value>[] {
  const partners = new Map<Value, Value>()
  const taken = new Set<Value>()
  for (const keyOf of keys) {
    const free = new Map<string, Value[]>()
    for (const value of before.toReversed()) {
      const key = taken.has(value) ? undefined : keyOf(value, true)
      if (key === undefined) continue
      const group = free.get(key)
      if (group === undefined) free.set(key, [value])
      else group.push(value)
    }
    for (const value of after) {
      const key = partners.has(value) ? undefined : keyOf(value, false)
      const partner = key === undefined ? undefined : free.get(key)?.pop()
      if (partner === undefined) continue
      partners.set(value, partner)
      taken.add(partner)
    }
  }
  return inOrderOf(after, partners)
}

function inOrderOf<Value>(after: readonly Value[], partners: ReadonlyMap<Value, Value>): Pair<Value>[] {
  return after.flatMap((value): Pair<Value>[] => {
    const partner = partners.get(value)
    return partner === undefined ? [] : [{before: partner, after: value}]
  })
}
