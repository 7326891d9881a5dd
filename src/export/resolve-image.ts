import type {BookImage} from './book-nodes.ts'

const allowedTypes = /\.(?:png|jpe?g|gif|svg|webp)$/i

/** Decides whether an image may be shown: a file below the book's folder, of an allowed type. Reads no file. */
export function resolveImage(image: {readonly url: string; readonly alt: string; readonly title?: string}): BookImage {
  const {url, alt, title} = image
  const common = {type: 'image', alt, ...(title === undefined ? {} : {title})} as const
  const path = decodePath(url.replace(/[?#].*$/, ''))
  const refused = refusal(url, path)
  return refused === undefined ? {...common, path: path.replace(/^(?:\.\/)+/, '')} : {...common, refused}
}

function refusal(url: string, path: string): string | undefined {
  if (/^[/\\]{2}|^[a-z][a-z0-9+.-]*:/i.test(url.trim())) return 'is not of this project'
  if (path.trim() === '') return 'has no path'
  // Names that mean something else on one system or another are refused on all.
  const parts = path.split('/')
  if (path.startsWith('/') || /[\\:\0]/.test(path) || parts.includes('..')) return "is not below the book's folder"
  if (!allowedTypes.test(path)) return 'is of a type that is not shown'
  return undefined
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // A `%` that encodes nothing is part of the name.
    return path
  }
}
