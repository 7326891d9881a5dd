import {imageLines} from '../export/image-lines.ts'
import {imageType} from '../export/image-type.ts'
import type {ExportSource} from './export-source.ts'

/** Reports images that are none by their bytes, for formats that take files as they are. */
export function reportBrokenImages({book, images, report}: Pick<ExportSource, 'book' | 'images' | 'report'>): void {
  const lines = imageLines(book)
  for (const [path, content] of images) {
    const isImage = /\.svg$/i.test(path) ? isDrawing(content) : imageType(content) !== undefined
    if (isImage) continue
    const reason = `Cannot show the image \`${path}\`, which is damaged or of another type than its name says, expected a picture; readers see its alternative text`
    report('unreadable-image', reason, lines.get(path))
  }
}

/** Whether a file begins as an svg does, after what may stand before its element. */
function isDrawing(content: Uint8Array): boolean {
  return /<svg[\s>]/i.test(new TextDecoder().decode(content.subarray(0, 65_536)))
}
