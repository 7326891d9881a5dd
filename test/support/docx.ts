import {unzipSync} from 'fflate'
import {XmlDocument} from 'libxml2-wasm'

const spaces = {
  w: 'http://schemas.openxmlformats.org/wordprocessingml/2006/main',
  r: 'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
  wp: 'http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing',
  rel: 'http://schemas.openxmlformats.org/package/2006/relationships',
  type: 'http://schemas.openxmlformats.org/package/2006/content-types',
  cp: 'http://schemas.openxmlformats.org/package/2006/metadata/core-properties',
  dc: 'http://purl.org/dc/elements/1.1/',
  dcterms: 'http://purl.org/dc/terms/',
}
const bodies = ['word/document.xml', 'word/footnotes.xml']
/** Every field that an export may hold. */
const fields = /^ (?:TOC \\o "1-\d" \\h \\z \\u|TOC \\h \\z \\c "Table"|PAGEREF _m\d+ \\h|SEQ Table \\\* ARABIC|PAGE) $/

/** A document of Word as a reader opens it. */
export class OpenedDocx {
  /** Contents by their paths in the container. */
  readonly files: Readonly<Record<string, Uint8Array>>
  private readonly documents = new Map<string, XmlDocument>()

  constructor(bytes: Uint8Array) {
    this.files = unzipSync(bytes)
  }

  /** What an XPath finds in the document, or another part; of elements the content, of attributes the value. */
  find(xpath: string, path = 'word/document.xml'): string[] {
    return this.document(path)
      .find(xpath, spaces)
      .map((node) => node.content)
  }

  /** Plain text of the paragraphs of a style. */
  paragraphs(style: string, path?: string): string[] {
    return this.find(`//w:p[w:pPr/w:pStyle/@w:val="${style}"]`, path)
  }

  /** All that Word would refuse or mend, or that leads to nowhere. */
  faults(): string[] {
    for (const path of Object.keys(this.files)) if (/\.(?:xml|rels)$/.test(path)) this.document(path)
    const parts = bodies.filter((path) => this.files[path] !== undefined)
    return [...this.typeFaults(), ...parts.flatMap((path) => this.partFaults(path)), ...this.placeFaults(parts)]
  }

  private document(path: string): XmlDocument {
    const text = new TextDecoder('utf-8', {fatal: true}).decode(this.files[path])
    const known = this.documents.get(path) ?? XmlDocument.fromString(text)
    this.documents.set(path, known)
    return known
  }

  private typeFaults(): string[] {
    const extensions = this.find('//type:Default/@Extension', '[Content_Types].xml')
    const named = this.find('//type:Override/@PartName', '[Content_Types].xml')
    const paths = Object.keys(this.files)
    return [
      ...paths.filter((path) => !extensions.includes(path.split('.').at(-1) ?? '')).map((path) => `${path}: no type`),
      ...named.filter((path) => this.files[path.slice(1)] === undefined).map((path) => `${path}: named and not there`),
    ]
  }

  private partFaults(path: string): string[] {
    const faults: string[] = []
    const say = (fault: string): number => faults.push(`${path}: ${fault}`)
    const relations = path.replace('word/', 'word/_rels/').concat('.rels')
    const ids = this.find('//rel:Relationship/@Id', relations)
    for (const id of this.find('//@r:id | //@r:embed', path)) if (!ids.includes(id)) say(`no relation ${id}`)
    for (const target of this.find('//rel:Relationship[not(@TargetMode)]/@Target', relations))
      if (this.files[`word/${target}`] === undefined) say(`no part ${target}`)
    for (const target of this.find('//rel:Relationship[@TargetMode]/@Target', relations))
      if (!/^(?:https?:\/\/|mailto:)/.test(target)) say(`leads to ${target}`)
    const styles = this.find('//w:style/@w:styleId', 'word/styles.xml')
    for (const style of new Set(this.find('//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val', path)))
      if (!styles.includes(style)) say(`no style ${style}`)
    const lists = this.find('//w:num/@w:numId', 'word/numbering.xml')
    for (const list of this.find('//w:numPr/w:numId/@w:val', path)) if (!lists.includes(list)) say(`no list ${list}`)
    for (const field of this.find('//w:instrText', path)) if (!fields.test(field)) say(`field ${field}`)
    const marks = (type: string): number => this.find(`//w:fldChar[@w:fldCharType="${type}"]`, path).length
    if (marks('begin') !== marks('end') || marks('begin') !== marks('separate')) say('a field that does not end')
    if (this.find('//w:tc[not(*[last()][self::w:p])]', path).length > 0) say('a cell that ends in no paragraph')
    if (this.find('//w:tbl/following-sibling::*[1][self::w:tbl]', path).length > 0) say('two tables that touch')
    if (this.find('//w:hyperlink//w:hyperlink | //w:p//w:p | //w:r//w:r', path).length > 0) say('one within its like')
    return faults
  }

  private placeFaults(parts: readonly string[]): string[] {
    const all = (xpath: string): string[] => parts.flatMap((path) => this.find(xpath, path))
    const faults: string[] = []
    const names = all('//w:bookmarkStart/@w:name')
    for (const ids of [names, all('//w:bookmarkStart/@w:id'), all('//wp:docPr/@id')])
      if (new Set(ids).size !== ids.length) faults.push(`twice among ${ids.slice(0, 3).join(', ')}`)
    for (const anchor of all('//w:hyperlink/@w:anchor')) if (!names.includes(anchor)) faults.push(`no place ${anchor}`)
    for (const field of all('//w:instrText')) {
      const place = /PAGEREF (\S+)/.exec(field)?.[1]
      if (place !== undefined && !names.includes(place)) faults.push(`no page of ${place}`)
    }
    const notes = this.files['word/footnotes.xml'] === undefined ? [] : this.find('//w:footnote/@w:id', bodies[1])
    for (const id of this.find('//w:footnoteReference/@w:id')) if (!notes.includes(id)) faults.push(`no note ${id}`)
    if (notes.length > 0 && this.find('//w:footnoteReference', bodies[1]).length > 0) faults.push('a call in a note')
    return faults
  }
}
