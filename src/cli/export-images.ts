import {realpathSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {isAbsolute, join, relative} from 'node:path'
import type {ExportBook, ExportFinding} from '../export/export-book.ts'
import {imageLines} from '../export/image-lines.ts'
import {resolveImage} from '../export/resolve-image.ts'

/** Largest image that is read. */
const maxImageBytes = 64 * 1024 * 1024

/** Reads the images of a book from its folder; one that is not there, or that a link leads out of the folder, is a finding. */
export async function readExportImages(
  book: ExportBook,
  folder: string,
): Promise<{images: Map<string, Uint8Array>; findings: ExportFinding[]}> {
  const images = new Map<string, Uint8Array>()
  const findings: ExportFinding[] = []
  const lines = imageLines(book)
  for (const path of book.images) {
    const content = await readBelow(folder, path)
    if (content !== undefined) images.set(path, content)
    else {
      const line = lines.get(path)
      const reason = `Cannot read the image \`${path}\`, expected a file below the book's folder`
      findings.push({ruleId: 'missing-image', reason, ...(line === undefined ? {} : {line})})
    }
  }
  return {images, findings}
}

/** Reads the cover that a course names, by its path from the outline; one that is not there is a finding. */
export async function readExportCover(
  cover: string | undefined,
  folder: string,
): Promise<{cover?: Uint8Array; findings: ExportFinding[]}> {
  if (cover === undefined || cover.trim() === '') return {findings: []}
  const {path} = resolveImage({url: cover, alt: ''})
  const content = path === undefined ? undefined : await readBelow(folder, path)
  if (content !== undefined) return {cover: content, findings: []}
  const reason = `Cannot read the cover \`${cover.slice(0, 80)}\`, expected a png, jpg, gif, svg or webp below the outline's folder`
  return {findings: [{ruleId: 'missing-image', reason}]}
}

async function readBelow(folder: string, path: string): Promise<Uint8Array | undefined> {
  try {
    const full = realpathSync(join(folder, path))
    const below = relative(realpathSync(folder), full)
    if (below.startsWith('..') || isAbsolute(below)) return undefined
    const content = await readFile(full)
    return content.length > maxImageBytes ? undefined : content
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES' || code === 'ENOTDIR' || code === 'ELOOP')
      return undefined
    throw error
  }
}
