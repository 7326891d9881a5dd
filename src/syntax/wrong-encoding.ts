/** A text that was saved in another encoding than UTF-8, or read in one and saved again. */
export interface WrongEncoding {
  /** What happened to it, in words that continue "text that …". */
  readonly how: string
  /** The text as it was meant. */
  readonly text: string
  /** Offset in what is read now of the first damaged place, how it reads, and how it would. */
  readonly first: {readonly offset: number; readonly was: string; readonly reads: string}
  /** Places that are damaged. */
  readonly count: number
}

/** Characters of the bytes 0x80 to 0xff; of Windows-1252 to 0x9f, from where on it is Latin-1. */
const macRoman =
  'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡' +
  '¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ'
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

const codecs = [
  {name: 'Windows-1252', table: tableOf(windows1252)},
  {name: 'Mac Roman', table: tableOf(macRoman)},
] as const

/** Damaged places from which a text is taken for damaged, though most of its other marks are as they should be. */
const surePlaces = 3
/** Times that a text may have been read wrongly and saved again. */
const mostRounds = 3

/**
 * Finds how bytes came to be what they are where they are no UTF-8, or UTF-8 that was read as Windows-1252 or Mac Roman
 * and saved again. Undefined where nothing is wrong; marks in code alone are what a text speaks of. Never throws.
 */
export function findWrongEncoding(bytes: Uint8Array): WrongEncoding | undefined {
  const utf16 = utf16Label(bytes)
  if (utf16 !== undefined) return otherBytes(bytes, utf16, 'is UTF-16')
  const text = decode(bytes, 'utf-8')
  if (text === undefined)
    return hasNul(bytes) ? undefined : otherBytes(bytes, 'windows-1252', 'is Windows-1252 or Latin-1')
  return findMisread(text)
}

/** The same for a text that is UTF-8 by its bytes. */
function findMisread(text: string): WrongEncoding | undefined {
  if (!/\P{ASCII}{2}/u.test(text)) return undefined
  let found: WrongEncoding | undefined
  for (let round = 0; round < mostRounds; round++) {
    const own = codecs.map((codec) => misreadAs(found?.text ?? text, codec)).filter((one) => one !== undefined)
    const [best] = own.sort((one, other) => other.count - one.count)
    if (best === undefined) break
    found = found === undefined ? best : {...found, text: best.text, how: `${found.how}, more than once`}
  }
  return found
}

function misreadAs(text: string, {name, table}: (typeof codecs)[number]): WrongEncoding | undefined {
  const runs = [...text.matchAll(/\P{ASCII}+/gu)]
  const isCode = codeTest(text)
  const mended = runs.map(([run]) => reread(run, table))
  const outside = runs.map(({index}, at) => ({index, at})).filter(({index}) => !isCode(index))
  const damaged = outside.filter(({at}) => mended[at] !== undefined)
  const isDamaged = damaged.length >= surePlaces || 2 * damaged.length >= outside.length
  const [first] = damaged
  if (first === undefined || !isDamaged) return undefined
  const pieces: string[] = []
  let from = 0
  runs.forEach(({0: run, index}, at) => {
    pieces.push(text.slice(from, index), mended[at] ?? run)
    from = index + run.length
  })
  const reads = mended[first.at] as string
  return {
    how: `is UTF-8 that was read as ${name}`,
    text: pieces.join('') + text.slice(from),
    first: {offset: first.index, was: runs[first.at]?.[0] ?? '', reads},
    count: mended.filter((one) => one !== undefined).length,
  }
}

/** A run as the UTF-8 that its characters are the bytes of; undefined where they are none, or nobody would write it. */
function reread(run: string, table: ReadonlyMap<string, number>): string | undefined {
  const bytes: number[] = []
  for (const character of run) {
    const byte = table.get(character)
    if (byte === undefined) return undefined
    bytes.push(byte)
  }
  const text = decode(Uint8Array.from(bytes), 'utf-8')
  // Control characters are left where it was damaged more than once.
  return text !== undefined && /\p{Cc}/u.test(text) ? reread(text, table) : text
}

/** Bytes by character; what has no character in a table is taken for the control character of its number. */
function tableOf(characters: string): ReadonlyMap<string, number> {
  const table = new Map(Array.from({length: 128}, (_, at) => [String.fromCharCode(at + 128), at + 128]))
  if (characters.length === 128) table.clear()
  Array.from(characters).forEach((character, at) => {
    table.set(character, at + 128)
  })
  return table
}

/** Tells whether an offset is in a fence or between backticks on its line. */
function codeTest(text: string): (offset: number) => boolean {
  const spans: {start: number; end: number}[] = []
  for (const match of text.matchAll(
    /^[ \t]*(`{3,}|~{3,})[^\n]*\n[^]*?(?:^[ \t]*\1[^\n]*$|$(?![^]))|(`+)(?!`)[^\n]*?[^`\n]\2(?!`)/gm,
  ))
    spans.push({start: match.index, end: match.index + match[0].length})
  let at = 0
  return (offset) => {
    while ((spans[at]?.end ?? Number.POSITIVE_INFINITY) <= offset) at++
    return (spans[at]?.start ?? Number.POSITIVE_INFINITY) <= offset
  }
}

function otherBytes(bytes: Uint8Array, label: string, how: string): WrongEncoding | undefined {
  const text = label === 'windows-1252' ? decodeWindows1252(bytes) : decode(bytes, label)
  if (text === undefined || (label === 'windows-1252' && !isLikelyLatin(text))) return undefined
  const now = new TextDecoder('utf-8').decode(bytes)
  const offset = label.startsWith('utf-16') ? 0 : Math.max(now.indexOf('\ufffd'), 0)
  const first = /\P{ASCII}+/u.exec(text)?.[0] ?? text.slice(0, 20)
  const count = label.startsWith('utf-16') ? 1 : (now.match(/\ufffd+/g) ?? []).length
  return {how, text, first: {offset, was: now.slice(offset, offset + first.length), reads: first}, count}
}

/** Whether a text reads as one of a Latin script: other marks stand one by one, not in rows as in other encodings. */
function isLikelyLatin(text: string): boolean {
  const runs = text.match(/\P{ASCII}+/gu) ?? []
  const all = runs.reduce((sum, run) => sum + run.length, 0)
  const long = runs.filter((run) => run.length > 2).reduce((sum, run) => sum + run.length, 0)
  return !/[\u0080-\u009f]/.test(text) && 10 * long <= all
}

/** Which UTF-16 bytes are: by their byte order mark, or because every other byte of the beginning is NUL. */
function utf16Label(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes.length < 4 || bytes.length % 2 === 1) return undefined
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const head = bytes.subarray(0, 512)
  const nuls = (parity: number): number => head.filter((byte, at) => at % 2 === parity && byte === 0).length
  const most = 0.8 * (head.length / 2)
  if (nuls(1) >= most && nuls(0) === 0) return 'utf-16le'
  return nuls(0) >= most && nuls(1) === 0 ? 'utf-16be' : undefined
}

function hasNul(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8192).includes(0)
}

/** Not left to the runtime, some versions of which take it for Latin-1. */
function decodeWindows1252(bytes: Uint8Array): string {
  const character = (byte: number): string => windows1252[byte - 0x80] ?? String.fromCharCode(byte)
  return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : character(byte))).join('')
}

function decode(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, {fatal: true}).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
