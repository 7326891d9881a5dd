import type {VFile} from 'vfile'
import {report} from '../model/report.ts'
import type {ParsedOutline} from './parsed-outline.ts'
import type {PlacedDirective} from './placed-directive.ts'
import {readAttributes} from './read-attributes.ts'

export interface ReportScanOptions {
  readonly hasOuterFence: boolean
  /** Tag names that the config declares; they are regular. */
  readonly ownTagNames: readonly string[]
}

const misplacedReasons: Record<string, string> = {
  'directive-in-heading': 'Unexpected directive in a heading, expected it below the heading',
  'directive-in-table': 'Unexpected directive in a table, expected it in a paragraph or a list item',
  'directive-in-block-quote':
    'Unexpected directive in a block quote or footnote, expected it in a paragraph or a list item',
}

// Controls, bidirectional overrides and isolates, and a byte order mark inside the text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const controlPattern = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g

/** Reports what is irregular about the directives themselves and the text around them. */
export function reportScan(
  file: VFile,
  outline: ParsedOutline,
  placed: readonly PlacedDirective[],
  options: ReportScanOptions,
): void {
  const {index, scan} = outline
  if (options.hasOuterFence) {
    report(file, 'outer-fence', 'Unexpected fence around the whole file, expected the outline itself', {
      place: {line: 1, column: 1, offset: 0},
    })
  }
  for (const match of outline.source.matchAll(controlPattern)) {
    const code = match[0].codePointAt(0) as number
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
    report(file, 'control-character', `Unexpected control character \`${name}\`, expected text`, {
      place: index.position(match.index, match.index + 1),
      actual: name,
    })
  }
  for (const span of scan.breaks) {
    if (!span.isAccidental) continue
    report(
      file,
      'accidental-heading',
      'Unexpected `---` right under a paragraph, which Markdown makes a heading, expected a blank line between',
      {
        place: index.position(span.start, span.end),
      },
    )
  }
  for (const span of scan.doubledMarks) {
    const lineStart = index.start(index.lineAt(span.start))
    report(file, 'doubled-heading-mark', 'Unexpected second heading mark, expected one', {
      place: index.position(lineStart, span.end),
    })
  }
  for (const tag of scan.strayTags) {
    report(file, 'stray-closing-tag', `Unexpected closing tag \`</${tag.name}>\`, expected an opening tag before it`, {
      place: index.position(tag.start, tag.end),
    })
  }
  for (const span of scan.lookalikes) {
    const actual = outline.source.slice(span.start, span.end)
    report(file, 'lookalike-tag', `Unexpected \`${actual}\`, expected \`<prompt>\` if a directive is meant`, {
      place: index.position(span.start, span.end),
      actual,
    })
  }
  reportUnclosed(file, outline)
  for (const [number, directive] of placed.entries()) reportDirective(file, outline, number, directive, options)
}

function reportUnclosed(file: VFile, {scan, index}: ParsedOutline): void {
  if (scan.unclosedFence !== undefined) {
    report(
      file,
      'unclosed-fence',
      'Unexpected end of the file inside a fence that hides directives, expected a closing fence',
      {
        place: index.point(scan.unclosedFence),
      },
    )
  }
  if (scan.unclosedComment !== undefined) {
    report(
      file,
      'unclosed-comment',
      'Unexpected end of the file inside a comment that hides directives, expected `-->`',
      {
        place: index.point(scan.unclosedComment),
      },
    )
  }
}

function reportDirective(
  file: VFile,
  outline: ParsedOutline,
  number: number,
  placed: PlacedDirective,
  options: ReportScanOptions,
): void {
  const {index} = outline
  const {scanned, misplaced} = placed
  const {tag} = scanned
  const place = index.position(scanned.start, scanned.end)
  if (misplaced !== undefined) report(file, misplaced, misplacedReasons[misplaced] ?? misplaced, {place})
  if (scanned.nested !== undefined) {
    const {start, end} = scanned.nested
    report(
      file,
      'nested-directive',
      'Unexpected directive inside another one, expected the outer one to be closed first',
      {
        place: index.position(start, end),
      },
    )
  } else if (outline.directives[number]?.value === '') {
    report(file, 'empty-directive', 'Unexpected empty directive, expected a text for the model', {place})
  }
  if (scanned.form === 'unclosed') {
    report(
      file,
      'missing-closing-tag',
      `Unexpected end of the directive without \`</${tag.name}>\`, expected a closing tag`,
      {place},
    )
  } else if (scanned.form === 'swapped') {
    report(file, 'swapped-quote', `Unexpected quote before the closing tag, expected \`</${tag.name}>"\``, {place})
  } else if (scanned.opening !== scanned.closing || (scanned.opening !== '' && scanned.opening !== '"')) {
    const actual = `${scanned.opening}…${scanned.closing}`
    report(file, 'other-delimiter', `Unexpected delimiters ${actual} around the directive, expected "…"`, {
      place,
      actual,
    })
  }
  if (tag.name !== 'prompt' && !options.ownTagNames.includes(tag.name)) {
    report(file, 'other-tag-name', `Unexpected tag \`<${tag.name}>\`, expected \`<prompt>\``, {place, actual: tag.name})
  }
  for (const problem of readAttributes(tag.attributes).problems) {
    report(file, problem.ruleId, problem.reason, {
      place,
      actual: problem.actual,
      ...(problem.expected === undefined ? {} : {expected: problem.expected}),
    })
  }
}
