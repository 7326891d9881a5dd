/** Tokens of a text: exact up to `most`, and any number above `most` where it has more. */
export type CountTokens = (text: string, most?: number) => number

/** Characters that are counted at a time; a text is cut at white space where there is some. */
const sliceLength = 4000

/** Longest run without white space that is counted in one: the tokenizer's time grows with its square. */
const runLength = 400

const longRun = new RegExp(`\\S{${runLength + 1}}|\\s{${runLength + 1}}`)
const shortRuns = new RegExp(`\\S{1,${runLength}}\\s{0,${runLength}}|\\s{1,${runLength}}`, 'g')

/**
 * Loads the tokenizer of the current OpenAI models (`o200k_base`), which takes some 0.2 s and 60 MB. Servers with other
 * models count a little otherwise. Where texts have no more bytes than the budget has tokens it is not needed.
 */
export async function loadTokenizer(): Promise<CountTokens> {
  const {countTokens} = await import('gpt-tokenizer/encoding/o200k_base')
  // What looks like a control token is text like any other.
  const asText = {disallowedSpecial: new Set<string>()}
  return (text, most = Number.POSITIVE_INFINITY) => {
    let tokens = 0
    for (const slice of slicesOf(text)) {
      const runs = longRun.test(slice) ? (slice.match(shortRuns) ?? []) : [slice]
      for (const run of runs) {
        tokens += countTokens(run, asText)
        if (tokens > most) return tokens
      }
    }
    return tokens
  }
}

function* slicesOf(text: string): Iterable<string> {
  for (let start = 0; start < text.length; ) {
    const slice = text.slice(start, start + sliceLength)
    // A line end belongs to the line before it, a space to the word after it.
    const cut = start + slice.length < text.length ? slice.lastIndexOf('\n') + 1 || slice.lastIndexOf(' ') : 0
    const end = cut > 0 ? cut : slice.length
    yield slice.slice(0, end)
    start += end
  }
}

/** A rough count without a tokenizer, for estimates: four bytes a token. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text, 'utf8') / 4)
}
