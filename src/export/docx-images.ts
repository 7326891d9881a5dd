import type {BookImage} from './book-nodes.ts'
import {escapeXml} from './escape-xml.ts'
import type {ExportFinding} from './export-book.ts'
import {imageSize} from './image-size.ts'
import {imageType} from './image-type.ts'

/** An image in the container. */
export interface DocxImage {
  /** From the folder of the document: `media/image-1.png`. */
  readonly path: string
  readonly content: Uint8Array
  /** In pixels. */
  readonly width: number
  readonly height: number
}

/** The room that images have, in pixels at 96 per inch. */
export interface ImageRoom {
  readonly width: number
  readonly height: number
}

/** Lengths of drawings are counted in these. */
const perPixel = 9525

/** Images that a document may hold, by their paths in the book, and what is said of the others. */
export function docxImages(images: ReadonlyMap<string, Uint8Array>): {
  readonly shown: ReadonlyMap<string, DocxImage>
  readonly findings: readonly ExportFinding[]
} {
  const shown = new Map<string, DocxImage>()
  const findings: ExportFinding[] = []
  for (const [path, content] of images) {
    const size = imageSize(content)
    const extension = imageType(content)?.extension
    if (size !== undefined && extension !== undefined)
      shown.set(path, {path: `media/image-${shown.size + 1}${extension}`, content, ...size})
    else {
      const reason = `Cannot show the image \`${path}\` in a Word document, expected a whole png, jpg or gif`
      findings.push({ruleId: 'refused-image', reason})
    }
  }
  return {shown, findings}
}

/** An image in a line of text, no larger than the room; `number` is from 1 in the document. */
export function drawingXml(
  {alt, title}: BookImage,
  image: DocxImage,
  relation: string,
  number: number,
  room: ImageRoom,
): string {
  const scale = Math.min(1, room.width / image.width, room.height / image.height)
  const cx = Math.max(1, Math.round(image.width * scale * perPixel))
  const cy = Math.max(1, Math.round(image.height * scale * perPixel))
  const named = `id="${number}" name="Image ${number}" descr="${escapeXml(alt)}"`
  const titled = title === undefined ? '' : ` title="${escapeXml(title)}"`
  return `<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="${cx}" cy="${cy}"/><wp:docPr ${named}${titled}/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr ${named}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="${relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="${cx}" cy="${cy}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>`
}
