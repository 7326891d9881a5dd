import {drawCover} from './epub-cover.ts'
import {EpubFormulas} from './epub-formulas.ts'
import {type EpubImage, epubImage, epubImages} from './epub-images.ts'
import {type PackagedFile, writePackage} from './epub-package.ts'
import {coverPage, navigationPage, writePage, writePages} from './epub-pages.ts'
import {EpubPlaces} from './epub-places.ts'
import {epubStyle} from './epub-style.ts'
import type {ExportBook, ExportFinding} from './export-book.ts'
import {exportWords} from './export-words.ts'
import {imageLines} from './image-lines.ts'
import {isRightToLeft} from './is-right-to-left.ts'
import type {AnswerPlace} from './lay-out-quizzes.ts'
import {eachBlock, eachPhrasing, eachRun} from './map-book.ts'
import {zipFiles} from './zip-files.ts'

/** What an EPUB is made of beside the book. */
export interface EpubInput {
  readonly answers: AnswerPlace
  /** By their paths in the book. */
  readonly images: ReadonlyMap<string, Uint8Array>
  /** Content of the cover's image; one is drawn without. */
  readonly cover?: Uint8Array
  /** When the book was last changed, as `2026-01-31T00:00:00Z`. */
  readonly modified: string
}

const mimetype = 'application/epub+zip'

/** The book as an EPUB 3. The same input gives the same bytes; what readers would not show is a finding. */
export function writeEpub(
  book: ExportBook,
  input: EpubInput,
): {readonly content: Uint8Array; readonly findings: readonly ExportFinding[]} {
  const {shown, findings} = epubImages(input.images, imageLines(book))
  const given = input.cover === undefined ? undefined : epubImage(input.cover, 'cover')
  const cover: EpubImage = given ?? {
    path: 'cover.svg',
    mediaType: 'image/svg+xml',
    content: new TextEncoder().encode(drawCover(book)),
  }
  const imagePaths = new Map([...shown].map(([key, {path}]) => [key, path]))
  const found = new EpubPlaces()
  const words = exportWords(book.metadata.language)
  const shared = {words, formulas: new EpubFormulas(), isRightToLeft: isRightToLeft(book.metadata.language), imagePaths}
  writePages(book, input.answers, {...shared, places: found})
  const places = new EpubPlaces(found)
  const [title, ...others] = writePages(book, input.answers, {...shared, places})
  const pages = [coverPage(book, cover.path), ...(title === undefined ? [] : [title]), ...others]
  pages.splice(2, 0, navigationPage(places, pages, words))
  const files: PackagedFile[] = [
    ...pages.map(
      (page): PackagedFile => ({
        path: page.path,
        mediaType: 'application/xhtml+xml',
        content: writePage(page, book.metadata.language),
        isPage: true,
        // Of markup that begins so there is only what the program writes.
        ...(page.path === 'nav.xhtml' ? {property: 'nav'} : page.body.includes('<math ') ? {property: 'mathml'} : {}),
      }),
    ),
    {path: 'style.css', mediaType: 'text/css', content: epubStyle},
    {...cover, property: 'cover-image'},
    ...shown.values(),
  ]
  const opf = writePackage(book, {
    files,
    modified: input.modified,
    areImagesDescribed: shown.size === 0 ? undefined : areDescribed(book),
    hasFormulas: shared.formulas.areAny,
    mayFlash: [...shown.values()].some(({mediaType}) => mediaType === 'image/gif'),
  })
  const content = zipFiles(
    [
      {path: 'mimetype', content: mimetype},
      {path: 'META-INF/container.xml', content: container},
      {path: 'EPUB/package.opf', content: opf},
      ...files.map((file) => ({path: `EPUB/${file.path}`, content: file.content})),
    ],
    new Set(['mimetype']),
  )
  const coverFinding: ExportFinding[] =
    input.cover !== undefined && given === undefined
      ? [
          {
            ruleId: 'refused-image',
            reason: 'Cannot show the cover in an EPUB, expected a whole png, jpg, gif or plain svg',
          },
        ]
      : []
  return {content, findings: [...coverFinding, ...findings]}
}

const container = `<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
`

/** Whether every image that the book shows has an alternative text. */
function areDescribed({frontMatter, chapters}: ExportBook): boolean {
  let areAll = true
  for (const {children, footnotes} of [frontMatter, ...chapters]) {
    eachBlock([...children, ...footnotes.flatMap((note) => note.children)], (block) =>
      eachRun(block, (nodes) =>
        eachPhrasing(nodes, (node) => {
          if (node.type === 'image' && node.path !== undefined && node.alt.trim() === '') areAll = false
        }),
      ),
    )
  }
  return areAll
}
