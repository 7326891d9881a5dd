import {existsSync} from 'node:fs'
import {extname, isAbsolute, relative, resolve} from 'node:path'
import type {VFile} from 'vfile'
import {report} from '../model/report.ts'
import type {ParsedOutline} from '../syntax/parsed-outline.ts'

const imageTypes = new Set(['.png', '.jpg', '.jpeg', '.gif', '.svg', '.webp', '.avif'])

/** Whether an image is copied beside the book: one in the outline's folder, of a type that readers show. */
export function isCopiedImage(path: string, outlineFolder: string): boolean {
  return imageTypes.has(extname(path).toLowerCase()) && isBelow(path, outlineFolder)
}

/** Paths at which an outline's images are looked for. */
export function imagePaths(outline: ParsedOutline, outlineFolder: string): string[] {
  return outline.relativeLinks.filter(({type}) => type === 'image').map(({url}) => imagePath(url, outlineFolder))
}

/** Reports images of the outline that are not there, or not in its folder. */
export function checkImages(outline: ParsedOutline, file: VFile, outlineFolder: string): void {
  for (const {type, url, start, end} of outline.relativeLinks) {
    if (type !== 'image') continue
    const path = imagePath(url, outlineFolder)
    const options = {place: outline.index.position(start, end), actual: url}
    if (!existsSync(path)) {
      report(
        file,
        'missing-image',
        `Cannot find the image \`${url}\`, expected a file, as a path from the outline`,
        options,
      )
    } else if (imageTypes.has(extname(path).toLowerCase()) && !isBelow(path, outlineFolder)) {
      report(
        file,
        'missing-image',
        `Unexpected image \`${url}\` outside the outline's folder, expected one in it`,
        options,
      )
    }
  }
}

function imagePath(url: string, outlineFolder: string): string {
  return resolve(outlineFolder, decodeURI(url.replace(/[?#].*$/, '').replace(/%(?![0-9a-f]{2})/gi, '%25')))
}

function isBelow(path: string, folder: string): boolean {
  const below = relative(folder, path)
  return !below.startsWith('..') && !isAbsolute(below)
}
