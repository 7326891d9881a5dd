import type {OutlinePlan} from './outline-unit.ts'
import type {TopicList} from './topic-list.ts'

/** The front matter of an outline: title, tags and opening paragraphs of the topic list, and the list's own keys. */
export function frontMatterLines(list: TopicList): Pick<OutlinePlan, 'frontMatter' | 'lines'> {
  const own = keyChunks(list.frontMatter)
  const lines: string[] = []
  const covered: number[] = []
  const add = (key: string, value: string | undefined): void => {
    const kept = own.get(key)
    if (kept !== undefined) lines.push(...kept)
    else if (value !== undefined) lines.push(`${key}: ${value}`)
    own.delete(key)
  }
  add('title', list.title === undefined ? undefined : quoted(list.title.text))
  if (list.title !== undefined) covered.push(list.title.line)
  add('description', list.notes.length === 0 ? undefined : quoted(list.notes.map(({text}) => text).join(' ')))
  covered.push(...list.notes.map(({line}) => line))
  add('tags', list.tags.length === 0 ? undefined : `[${list.tags.map(scalar).join(', ')}]`)
  for (const rest of own.values()) lines.push(...rest)
  return {frontMatter: lines, lines: covered}
}

/** Lines of YAML by the key at the left margin that they belong to; those before the first by the empty key. */
export function keyChunks(lines: readonly string[]): Map<string, string[]> {
  const chunks = new Map<string, string[]>()
  let key = ''
  for (const line of lines) {
    key =
      /^(?:([\w$.-]+)|"([^"]*)"|'([^']*)')[ \t]*:(?:[ \t]|$)/
        .exec(line)
        ?.slice(1)
        .find((one) => one !== undefined) ?? key
    const chunk = chunks.get(key)
    if (chunk === undefined) chunks.set(key, [line])
    else chunk.push(line)
  }
  return chunks
}

/** As JSON, which is YAML: no character of it can be read as anything else. */
function quoted(text: string): string {
  return JSON.stringify(text)
}

/** A tag as a scalar of YAML; those that YAML reads as something else in quotes. */
function scalar(tag: string): string {
  return /^(?:true|false|null|yes|no|on|off|y|n)$/.test(tag) || !/^[a-z][\w/-]*$/.test(tag) ? quoted(tag) : tag
}
