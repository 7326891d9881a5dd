/** Link and footnote definitions of a whole text, so that its parts can be parsed alone. */
export class PartDefinitions {
  private readonly byLabel: ReadonlyMap<string, string>

  constructor(text: string) {
    this.byLabel = collectDefinitions(text)
  }

  /** The definitions that a part may refer to, to be put behind it; empty for none. */
  of(part: string): string {
    if (this.byLabel.size === 0 || !part.includes('[')) return ''
    const wanted = new Map<string, string>()
    for (const match of part.matchAll(/\[([^\][\\]{1,200})\]/g)) {
      const label = normaliseLabel(match[1] as string)
      const definition = this.byLabel.get(label)
      if (definition !== undefined) wanted.set(label, definition)
    }
    return [...wanted.values()].join('\n\n')
  }
}

/** By normalised label; of several with one label the first counts. */
function collectDefinitions(text: string): Map<string, string> {
  const found = new Map<string, string>()
  if (!text.includes(']:')) return found
  for (const match of text.matchAll(/^ {0,3}\[([^\][\\]{1,200})\]:[ \t]*\S.*$/gm)) {
    const label = normaliseLabel(match[1] as string)
    if (!found.has(label)) found.set(label, match[0].trim())
  }
  return found
}

function normaliseLabel(label: string): string {
  return label.replace(/\s+/g, ' ').trim().toLowerCase()
}
