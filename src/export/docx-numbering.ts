/** Lists are nested this deep at most: Word has nine depths. */
const deepest = 8
/** What an item of a list is set in by, in twentieths of a point. */
export const listIndent = 360

const bullets = ['•', '◦', '▪']
const space = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'

/** The lists of a document: all that have bullets are one, each of the others counts for itself. */
export class DocxNumbering {
  private readonly ordered: {readonly depth: number; readonly start: number}[] = []

  /** The number that the items of a list refer to, and their depth, from 0. */
  begin(isOrdered: boolean, depth: number, start: number): {readonly id: number; readonly depth: number} {
    const own = Math.min(depth, deepest)
    if (!isOrdered) return {id: 1, depth: own}
    this.ordered.push({depth: own, start: Math.max(0, start)})
    return {id: this.ordered.length + 1, depth: own}
  }

  xml(): string {
    const levels = (level: (at: number) => string): string =>
      Array.from({length: deepest + 1}, (_, at) => level(at)).join('\n')
    const bullet = (at: number): string => levelXml(at, 'bullet', bullets[at % bullets.length] as string)
    const number = (at: number): string => levelXml(at, 'decimal', `%${at + 1}.`)
    const lists = this.ordered.map(
      ({depth, start}, at) =>
        `<w:num w:numId="${at + 2}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="${depth}"><w:startOverride w:val="${start}"/></w:lvlOverride></w:num>`,
    )
    return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:numbering xmlns:w="${space}">
<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/>
${levels(bullet)}
</w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="hybridMultilevel"/>
${levels(number)}
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
${lists.join('\n')}
</w:numbering>
`
  }
}

function levelXml(at: number, format: string, text: string): string {
  const left = listIndent * (at + 1)
  return `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="${left}" w:hanging="${listIndent}"/></w:pPr></w:lvl>`
}
