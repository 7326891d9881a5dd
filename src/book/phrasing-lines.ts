import type {Paragraph, Parents, PhrasingContent} from 'mdast'

/** Whether there is a line break in it: most paragraphs need no closer look. */
export function hasLines({children}: Paragraph): boolean {
  return children.some(
    (child) => child.type === 'break' || child.type === 'html' || (child.type === 'text' && child.value.includes('\n')),
  )
}

/** Phrasing content cut at soft line breaks, hard breaks and `<br>`; empty lines are left out. */
export function splitLines(children: readonly PhrasingContent[]): PhrasingContent[][] {
  const lines: PhrasingContent[][] = [[]]
  for (const child of children) {
    if (child.type === 'break' || (child.type === 'html' && /^<br\s*\/?>$/i.test(child.value))) lines.push([])
    else if (child.type === 'text') {
      child.value.split('\n').forEach((value, number) => {
        if (number > 0) lines.push([])
        if (value !== '') lines.at(-1)?.push({type: 'text', value})
      })
    } else lines.at(-1)?.push(child)
  }
  return lines
    .map((line) => trimStart(line, /^\s+/))
    .filter((line) => line.some((node) => node.type !== 'text' || node.value.trim() !== ''))
}

/** Lines as the phrasing content of one paragraph, with a soft line break between them. */
export function joinLines(lines: readonly PhrasingContent[][]): PhrasingContent[] {
  return lines.flatMap((line, number) => (number === 0 ? line : [{type: 'text' as const, value: '\n'}, ...line]))
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
