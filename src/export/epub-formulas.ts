import {formulaHtml} from './formula-html.ts'

/** The formulas of an EPUB as MathML; each is made once, although pages are written twice. */
export class EpubFormulas {
  private readonly made = new Map<string, string | undefined>()

  /** Undefined for one that is not understood. */
  xhtml(latex: string, isBlock: boolean): string | undefined {
    const key = `${isBlock} ${latex}`
    if (!this.made.has(key)) {
      const attributes = {xmlns: 'http://www.w3.org/1998/Math/MathML', alttext: latex}
      this.made.set(key, formulaHtml(latex, isBlock, attributes)?.replace(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd'))
    }
    return this.made.get(key)
  }

  /** Whether there was one that is understood. */
  get areAny(): boolean {
    return [...this.made.values()].some((formula) => formula !== undefined)
  }
}
