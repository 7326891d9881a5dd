import {posix} from 'node:path'
import {EpubCheck} from '@likecoin/epubcheck-ts'
import {unzipSync} from 'fflate'
import {XmlDocument, type XmlElement} from 'libxml2-wasm'

const spaces = {
  html: 'http://www.w3.org/1999/xhtml',
  epub: 'http://www.idpf.org/2007/ops',
  opf: 'http://www.idpf.org/2007/opf',
  dc: 'http://purl.org/dc/elements/1.1/',
}

/** An EPUB as a reader opens it. */
export class OpenedEpub {
  /** Contents by their paths in the container. */
  readonly files: Readonly<Record<string, Uint8Array>>
  private readonly documents = new Map<string, XmlDocument>()

  constructor(bytes: Uint8Array) {
    this.files = unzipSync(bytes)
  }

  text(path: string): string {
    return new TextDecoder('utf-8', {fatal: true}).decode(this.files[path])
  }

  /** Paths of all pages, style sheets and so on with one of the extensions. */
  paths(...extensions: readonly string[]): string[] {
    return Object.keys(this.files).filter((path) => extensions.some((extension) => path.endsWith(extension)))
  }

  /** Parsed as strictly as XML demands; throws where it is not well-formed. */
  document(path: string): XmlDocument {
    const known = this.documents.get(path) ?? XmlDocument.fromString(this.text(path))
    this.documents.set(path, known)
    return known
  }

  /** What an XPath finds on a page, as text: of elements the content, of attributes the value. */
  find(path: string, xpath: string): string[] {
    return this.document(path)
      .find(xpath, spaces)
      .map((node) => node.content)
  }

  /** Links that lead to no place of the book, and ids that a page has twice. */
  faults(): string[] {
    const faults: string[] = []
    const ids = new Map<string, string[]>()
    for (const path of this.paths('.xhtml', '.svg', '.opf')) ids.set(path, this.find(path, '//@id'))
    for (const [path, own] of ids) if (new Set(own).size !== own.length) faults.push(`${path}: an id twice`)
    for (const path of this.paths('.xhtml')) {
      for (const href of this.find(path, '//html:a/@href | //html:img/@src | //html:link/@href')) {
        if (/^(?:https?|mailto):/.test(href)) continue
        const [file = '', fragment] = href.split('#')
        const target = file === '' ? path : posix.join(posix.dirname(path), decodeURIComponent(file))
        const isThere =
          this.files[target] !== undefined && (fragment === undefined || ids.get(target)?.includes(fragment))
        if (!isThere) faults.push(`${path}: ${href}`)
      }
    }
    return faults
  }

  /** Names of all elements of the pages. */
  elements(): Set<string> {
    const names = this.paths('.xhtml').flatMap((path) =>
      this.document(path)
        .find('//*')
        .map((node) => (node as XmlElement).name),
    )
    return new Set(names)
  }
}

/** What a port of epubcheck says against an EPUB. */
export async function epubFaults(bytes: Uint8Array): Promise<string[]> {
  const {messages} = await EpubCheck.validate(bytes)
  return messages
    .filter(({severity}) => ['fatal', 'error', 'warning'].includes(severity))
    .map(({id, message, location}) => `${id} ${location?.path ?? ''}:${location?.line ?? ''} ${message}`)
}
