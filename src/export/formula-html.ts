import temml from 'temml'
import {escapeHtml} from './escape-html.ts'

/** Longer formulas are shown as they are written. */
const mostCharacters = 5000

/** What of presentational MathML may stand: no element or attribute leads anywhere, and none styles. */
const elements = new Set(
  'math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics'.split(
    ' ',
  ),
)
const known = new Set(
  'accent accentunder columnalign columnlines columnspacing depth displaystyle fence form frame height largeop linethickness lspace mathvariant maxsize minsize movablelimits notation rowlines rowspacing rspace scriptlevel separator stretchy symmetric voffset width'.split(
    ' ',
  ),
)

interface MathNode {
  readonly type?: string
  readonly text?: string
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly children?: readonly MathNode[]
}

/** The package's types name it otherwise than the package does. */
const {__renderToMathMLTree: renderTree} = temml as unknown as {
  readonly __renderToMathMLTree: (latex: string, options: object) => MathNode
}

/**
 * A formula of LaTeX as MathML, which browsers show by themselves, with `attributes` on its root; undefined for one that is
 * not understood.
 */
export function formulaHtml(
  latex: string,
  isBlock: boolean,
  attributes: Readonly<Record<string, string>> = {},
): string | undefined {
  if (latex.length > mostCharacters) return undefined
  const options = {displayMode: isBlock, throwOnError: true, trust: false, maxExpand: 200, maxSize: [40, 40]}
  try {
    const given = Object.entries({...attributes, ...(isBlock ? {display: 'block'} : {})})
    const root = `<math${given.map(([name, value]) => ` ${name}="${escapeHtml(value)}"`).join('')}`
    // What a function gives stands as it is, whatever `$&` an attribute holds.
    return mathHtml(renderTree(latex, options)).replace('<math', () => root)
  } catch {
    // What is no LaTeX, or nested without end, is shown as it is written.
    return undefined
  }
}

function mathHtml({type, text, attributes: given = {}, children = []}: MathNode): string {
  if (text !== undefined) return escapeHtml(text)
  const inner = children.map(mathHtml).join('')
  if (type === undefined || !elements.has(type)) return inner
  const own = Object.entries(given).filter(([name]) => known.has(name))
  if (type === 'mstyle' || type === 'math') return element(type, own, inner)
  // MathML 3, which e-books are of, has these on an element of their own.
  const ofStyle = own.filter(([name]) => name === 'displaystyle' || name === 'scriptlevel')
  const others = own.filter((attribute) => !ofStyle.includes(attribute))
  if (ofStyle.length === 0) return element(type, others, inner)
  if (type === 'mtd') return element(type, others, element('mstyle', ofStyle, inner))
  return element('mstyle', ofStyle, element(type, others, inner))
}

function element(name: string, attributes: readonly (readonly [string, unknown])[], inner: string): string {
  const written = attributes.map(([key, value]) => ` ${key}="${escapeHtml(String(value))}"`)
  return `<${name}${written.join('')}>${inner}</${name}>`
}
