import {codeFont} from './docx-run.ts'
import {escapeXml} from './escape-xml.ts'
import {isRightToLeft} from './is-right-to-left.ts'
import {ordinaryLook} from './pdf-look.ts'

const font = 'Calibri'
const accent = ordinaryLook.accent.slice(1)
const shade = ordinaryLook.faint.slice(1)
const dim = '566070'

/** A style of paragraphs by the names that Word knows, so that people find them. */
interface ParagraphStyle {
  readonly id: string
  readonly name: string
  readonly basedOn?: string
  /** XML of properties of paragraphs and of runs. */
  readonly paragraph?: string
  readonly run?: string
  readonly next?: string
}

const space = (before: number, after: number): string => `<w:spacing w:before="${before}" w:after="${after}"/>`
const size = (points: number): string => `<w:sz w:val="${points * 2}"/><w:szCs w:val="${points * 2}"/>`
const bold = '<w:b/><w:bCs/>'
const italic = '<w:i/><w:iCs/>'
const colour = (hex: string): string => `<w:color w:val="${hex}"/>`
const edge = (side: string, points: number, hex: string, away = 4): string =>
  `<w:${side} w:val="single" w:sz="${points * 8}" w:space="${away}" w:color="${hex}"/>`
const headingSizes = [22, 16, 14, 12, 11, 11]

const headings = headingSizes.map((points, at): ParagraphStyle => {
  const isChapter = at === 0
  const before = isChapter ? 0 : Math.max(160, 360 - at * 60)
  return {
    id: `Heading${at + 1}`,
    name: `heading ${at + 1}`,
    next: 'Normal',
    paragraph: `<w:keepNext/><w:keepLines/>${isChapter ? '<w:pageBreakBefore/>' : ''}${space(before, isChapter ? 240 : 120)}<w:outlineLvl w:val="${at}"/>`,
    run: `${bold}${at > 4 ? italic : ''}${colour(accent)}${size(points)}`,
  }
})

const contents = [1, 2, 3].map(
  (depth): ParagraphStyle => ({
    id: `TOC${depth}`,
    name: `toc ${depth}`,
    paragraph: `<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="WIDTH"/></w:tabs>${space(depth === 1 ? 80 : 0, 40)}<w:ind w:left="${(depth - 1) * 280}" w:right="600"/>`,
    ...(depth === 1 ? {run: bold} : {}),
  }),
)

const paragraphs: readonly ParagraphStyle[] = [
  {
    id: 'Title',
    name: 'Title',
    paragraph: `${space(3600, 240)}<w:jc w:val="center"/>`,
    run: `${bold}${colour(accent)}${size(32)}`,
  },
  {
    id: 'Subtitle',
    name: 'Subtitle',
    paragraph: `${space(0, 480)}<w:jc w:val="center"/>`,
    run: `${colour(dim)}${size(16)}`,
  },
  {id: 'Author', name: 'Author', paragraph: `${space(0, 120)}<w:jc w:val="center"/>`, run: size(14)},
  {
    id: 'Abstract',
    name: 'Abstract',
    paragraph: `${space(480, 480)}<w:ind w:left="720" w:right="720"/><w:jc w:val="center"/>`,
  },
  {id: 'Facts', name: 'Facts', paragraph: `${space(0, 60)}<w:jc w:val="center"/>`, run: colour(dim)},
  ...headings,
  {id: 'QuotedHeading', name: 'Quoted Heading', paragraph: `<w:keepNext/>${space(160, 80)}`, run: bold},
  // No heading, so that the contents do not list themselves.
  {
    id: 'ContentsHeading',
    name: 'TOC Heading',
    next: 'Normal',
    paragraph: `<w:keepNext/><w:pageBreakBefore/>${space(0, 240)}`,
    run: `${bold}${colour(accent)}${size(22)}`,
  },
  ...contents,
  {id: 'TableofFigures', name: 'table of figures', basedOn: 'TOC2', paragraph: '<w:ind w:left="0" w:right="600"/>'},
  {id: 'ListParagraph', name: 'List Paragraph', paragraph: '<w:contextualSpacing/>'},
  {id: 'LooseList', name: 'Loose List', basedOn: 'ListParagraph', paragraph: '<w:contextualSpacing w:val="0"/>'},
  {
    id: 'Quote',
    name: 'Quote',
    paragraph: `<w:pBdr>${edge('left', 2, 'D5D9E0', 8)}</w:pBdr>`,
    run: `${italic}${colour(dim)}`,
  },
  // Code runs from left to right in every language.
  {
    id: 'SourceCode',
    name: 'Source Code',
    paragraph: `<w:pBdr>${['top', 'left', 'bottom', 'right'].map((side) => edge(side, 0.5, 'D5D9E0')).join('')}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="${shade}"/><w:bidi w:val="0"/>${space(120, 200)}`,
    run: `<w:rFonts w:ascii="${codeFont}" w:hAnsi="${codeFont}" w:cs="${codeFont}"/><w:noProof/>${size(9)}<w:rtl w:val="0"/>`,
  },
  {id: 'Caption', name: 'caption', paragraph: `${space(160, 80)}`, run: `${bold}${colour(dim)}${size(10)}`},
  {id: 'Figure', name: 'Figure', paragraph: `${space(160, 120)}<w:jc w:val="center"/>`},
  {id: 'TableText', name: 'Table Text', paragraph: `${space(40, 40)}`, run: size(10)},
  {
    id: 'AfterTable',
    name: 'After Table',
    paragraph: `<w:spacing w:before="0" w:after="80" w:line="120" w:lineRule="exact"/>`,
    run: size(4),
  },
  {id: 'CalloutTitle', name: 'Callout Title', paragraph: `<w:keepNext/>${space(80, 80)}`, run: bold},
  {id: 'Rule', name: 'Rule', paragraph: `<w:pBdr>${edge('bottom', 0.75, 'D5D9E0', 1)}</w:pBdr>${space(0, 240)}`},
  {id: 'QuizOption', name: 'Quiz Option', paragraph: '<w:contextualSpacing/>'},
  {id: 'ToAnswer', name: 'To Answer', paragraph: space(0, 240), run: size(10)},
  {id: 'GlossaryTerm', name: 'Glossary Term', paragraph: `<w:keepNext/>${space(160, 40)}`},
  {id: 'Definition', name: 'Definition'},
  {id: 'Index1', name: 'index 1', paragraph: `${space(0, 60)}<w:ind w:left="360" w:hanging="360"/>`},
  {id: 'FootnoteText', name: 'footnote text', paragraph: space(0, 60), run: size(9)},
  {id: 'Footer', name: 'footer', paragraph: `${space(0, 0)}<w:jc w:val="center"/>`, run: `${colour(dim)}${size(9)}`},
]

const others = `<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>
<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr>${colour(ordinaryLook.link.slice(1))}<w:u w:val="single"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="character" w:customStyle="1" w:styleId="CodeText"><w:name w:val="Code Text"/><w:rPr><w:rFonts w:ascii="${codeFont}" w:hAnsi="${codeFont}" w:cs="${codeFont}"/><w:noProof/><w:shd w:val="clear" w:color="auto" w:fill="${shade}"/><w:rtl w:val="0"/></w:rPr></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="108" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
<w:style w:type="table" w:customStyle="1" w:styleId="BookTable"><w:name w:val="Book Table"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>${edge('top', 0.5, '98A2B3', 0)}${edge('bottom', 0.5, '98A2B3', 0)}${edge('insideH', 0.5, 'D5D9E0', 0)}</w:tblBorders></w:tblPr><w:tblStylePr w:type="firstRow"><w:rPr>${bold}</w:rPr><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="${shade}"/></w:tcPr></w:tblStylePr></w:style>
<w:style w:type="table" w:customStyle="1" w:styleId="CalloutFrame"><w:name w:val="Callout Frame"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblCellMar><w:left w:w="180" w:type="dxa"/><w:right w:w="180" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
`

/** The styles of a document, by the names that Word knows. `width` of its text is in twentieths of a point. */
export function stylesXml(language: string, width: number): string {
  const tag = escapeXml(language)
  const isRtl = isRightToLeft(language)
  const lang = `<w:lang w:val="${tag}" w:eastAsia="${tag}" w:bidi="${tag}"/>`
  const rows = paragraphs.map(({id, name, basedOn = 'Normal', paragraph = '', run = '', next}) => {
    const isOwn = name !== name.toLowerCase() && !known.has(name)
    return `<w:style w:type="paragraph"${isOwn ? ' w:customStyle="1"' : ''} w:styleId="${id}"><w:name w:val="${name}"/><w:basedOn w:val="${basedOn}"/>${next === undefined ? '' : `<w:next w:val="${next}"/>`}<w:qFormat/>${wrapped('pPr', paragraph.replace('WIDTH', String(width)))}${wrapped('rPr', run)}</w:style>\n`
  })
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="${font}" w:hAnsi="${font}" w:cs="${font}"/>${size(11)}${isRtl ? '<w:rtl/>' : ''}${lang}</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>${isRtl ? '<w:bidi/>' : ''}<w:spacing w:after="140" w:line="271" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>
${rows.join('')}${others}</w:styles>
`
}

/** Names with capitals that are Word's own. */
const known = new Set(['Title', 'Subtitle', 'TOC Heading', 'List Paragraph', 'Quote'])

function wrapped(name: string, xml: string): string {
  return xml === '' ? '' : `<w:${name}>${xml}</w:${name}>`
}
