import type {Paragraph, Parents, PhrasingContent} from 'mdast'

/** Whether there is a line break in it: most paragraphs need no closer look. */
export function hasLines({children}: Paragraph): boolean {
  return children.some(
    (child) => child.type === 'break' || child.type === 'html' || (child.type === 'text' && child.value.includes('\n')),
  )
}

/** By line, the hard break or `<br>` that stood before it. */
const hardBreaks = new WeakMap<readonly PhrasingContent[], PhrasingContent>()

/** Phrasing content cut at soft line breaks, hard breaks and `<br>`; empty lines are left out. */
export function splitLines(children: readonly PhrasingContent[]): PhrasingContent[][] {
  const lines: PhrasingContent[][] = [[]]
  const breaks = new Map<number, PhrasingContent>()
  for (const child of children) {
    if (child.type === 'break' || (child.type === 'html' && /^<br\s*\/?>$/i.test(child.value))) {
      breaks.set(lines.length, child)
      lines.push([])
    } else if (child.type === 'text') {
      child.value.split('\n').forEach((value, number) => {
        if (number > 0) lines.push([])
        if (value !== '') lines.at(-1)?.push({type: 'text', value})
      })
    } else lines.at(-1)?.push(child)
  }
  const kept: PhrasingContent[][] = []
  let hardBreak: PhrasingContent | undefined
  for (const [number, whole] of lines.entries()) {
    hardBreak = breaks.get(number) ?? hardBreak
    const line = trimStart(whole, /^\s+/)
    if (line.every((node) => node.type === 'text' && node.value.trim() === '')) continue
    if (hardBreak !== undefined) hardBreaks.set(line, hardBreak)
    hardBreak = undefined
    kept.push(line)
  }
  return kept
}

/** Lines as the phrasing content of one paragraph, with the hard break that stood between two or a soft one. */
export function joinLines(lines: readonly PhrasingContent[][]): PhrasingContent[] {
  return lines.flatMap((line, number) =>
    number === 0 ? line : [hardBreaks.get(line) ?? {type: 'text' as const, value: '\n'}, ...line],
  )
}

/** Whether a line begins with a text. */
export function startsWith(line: readonly PhrasingContent[], pattern: RegExp): boolean {
  const [first] = line
  return first?.type === 'text' && pattern.test(first.value)
}

/** A line without what its first text begins with. */
export function trimStart(line: PhrasingContent[], pattern: RegExp): PhrasingContent[] {
  const [first, ...rest] = line
  if (first?.type !== 'text') return line
  const value = first.value.replace(pattern, '')
  return value === '' ? rest : [{...first, value}, ...rest]
}

/** Calls `visitor` for what holds blocks: the root, list items and quotes. */
export function visitFlow(node: Parents, visitor: (parent: Parents) => void): void {
  if (node.type === 'root' || node.type === 'listItem' || node.type === 'blockquote') visitor(node)
  for (const child of node.children) if ('children' in child && child.type !== 'paragraph') visitFlow(child, visitor)
}
