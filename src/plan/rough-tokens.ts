/**
 * Tokens of a text, guessed from its script without a tokenizer: Latin letters and marks make about a token for every
 * four, other alphabets for every two, Chinese, Japanese and Korean characters one each.
 */
export function roughTokens(text: string): number {
  let quarters = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    quarters += unit < 0x0250 ? 1 : unit < 0x1100 || (unit >= 0x2000 && unit < 0x2e80) ? 2 : 4
  }
  return Math.ceil(quarters / 4)
}
