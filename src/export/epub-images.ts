import type {ExportFinding} from './export-book.ts'
import {imageType} from './image-type.ts'
import {isSafeSvg} from './safe-svg.ts'

/** An image in the container. */
export interface EpubImage {
  /** Below the folder of the pages. */
  readonly path: string
  readonly mediaType: string
  readonly content: Uint8Array
}

/** Images that an EPUB may hold, by their paths in the book, and what is said of the others; `lines` are theirs in the book. */
export function epubImages(
  images: ReadonlyMap<string, Uint8Array>,
  lines: ReadonlyMap<string, number>,
): {
  readonly shown: ReadonlyMap<string, EpubImage>
  readonly findings: readonly ExportFinding[]
} {
  const shown = new Map<string, EpubImage>()
  const findings: ExportFinding[] = []
  for (const [path, content] of images) {
    const image = epubImage(content, `images/image-${shown.size + 1}`)
    if (image !== undefined) shown.set(path, image)
    else {
      const reason = `Cannot show the image \`${path}\` in an EPUB, expected a whole png, jpg or gif, or an svg without scripts, styles of its own and references to elsewhere`
      const line = lines.get(path)
      findings.push({ruleId: 'refused-image', reason, ...(line === undefined ? {} : {line})})
    }
  }
  return {shown, findings}
}

/** An image under a name that says its type; undefined for one that readers would not show. */
export function epubImage(content: Uint8Array, name: string): EpubImage | undefined {
  const type = imageType(content)
  // Many readers know no webp.
  if (type !== undefined && type.mediaType !== 'image/webp')
    return {path: `${name}${type.extension}`, mediaType: type.mediaType, content}
  return isSafeSvg(content) ? {path: `${name}.svg`, mediaType: 'image/svg+xml', content} : undefined
}
