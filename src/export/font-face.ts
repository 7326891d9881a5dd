/** What a font file says it is. */
export interface FontFace {
  readonly family: string
  /** From 1 to 1000; 400 is regular. */
  readonly weight: number
  readonly isItalic: boolean
}

/** The face of a TrueType or OpenType file; undefined for any other content, and for one that is cut off. */
export function readFontFace(content: Uint8Array): FontFace | undefined {
  try {
    return readFace(new DataView(content.buffer, content.byteOffset, content.byteLength))
  } catch (error) {
    // A number leads out of the file.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function readFace(view: DataView): FontFace | undefined {
  // TrueType, `OTTO`, `true`.
  if (![0x00010000, 0x4f54544f, 0x74727565].includes(view.getUint32(0))) return undefined
  const tables = new Map<string, number>()
  for (let at = 0; at < view.getUint16(4); at++) {
    const row = 12 + at * 16
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(row + byte)))
    tables.set(tag, view.getUint32(row + 8))
  }
  const [names, metrics] = [tables.get('name'), tables.get('OS/2')]
  if (names === undefined || metrics === undefined) return undefined
  const family = readName(view, names, 16) ?? readName(view, names, 1)
  if (family === undefined) return undefined
  const weight = view.getUint16(metrics + 4)
  const style = view.getUint16(metrics + 62)
  return {family, weight: Math.min(1000, Math.max(1, weight)), isItalic: (style & 0b10_0000_0001) !== 0}
}

/** A name of the font in UTF-16, English where there are several. */
function readName(view: DataView, table: number, wanted: number): string | undefined {
  const strings = table + view.getUint16(table + 4)
  let found: string | undefined
  for (let at = 0; at < view.getUint16(table + 2); at++) {
    const row = table + 6 + at * 12
    const platform = view.getUint16(row)
    if (view.getUint16(row + 6) !== wanted || (platform !== 0 && platform !== 3)) continue
    const [length, offset] = [view.getUint16(row + 8), view.getUint16(row + 10)]
    let name = ''
    for (let unit = 0; unit + 1 < length; unit += 2)
      name += String.fromCharCode(view.getUint16(strings + offset + unit))
    if (name.trim() === '') continue
    if (platform === 0 || view.getUint16(row + 4) === 0x409) return name.trim()
    found ??= name.trim()
  }
  return found
}
