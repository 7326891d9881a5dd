import {escapeXml} from './escape-xml.ts'

const types = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** What a part of a document leads to; ids go by the order in which they are asked for. */
export class DocxRelations {
  private readonly ids = new Map<string, string>()
  private readonly rows: string[] = []

  /** Id of another part, by the last word of its type and its path from this part. */
  part(type: string, target: string): string {
    return this.add(type, target, '')
  }

  /** Id of an address outside of the document; it must have been checked. */
  link(url: string): string {
    return this.add('hyperlink', url, ' TargetMode="External"')
  }

  xml(): string {
    return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\n${this.rows.join('\n')}\n</Relationships>\n`
  }

  private add(type: string, target: string, mode: string): string {
    const key = `${type} ${target}`
    const known = this.ids.get(key)
    if (known !== undefined) return known
    const id = `rId${this.ids.size + 1}`
    this.ids.set(key, id)
    this.rows.push(`<Relationship Id="${id}" Type="${types}/${type}" Target="${escapeXml(target)}"${mode}/>`)
    return id
  }
}
