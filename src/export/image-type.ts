/** What an image is by its bytes. */
export interface ImageType {
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
  /** With the dot. */
  readonly extension: string
}

/** Tells the type of an image from its bytes, whatever its name says; undefined for what is none or broken at its begin. */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  const at = (offset: number, text: string): boolean =>
    bytes.length >= offset + text.length &&
    [...text].every((sign, place) => bytes[offset + place] === sign.charCodeAt(0))
  const number = (offset: number): number => ((bytes[offset] as number) << 8) + (bytes[offset + 1] as number)
  if (at(0, '\x89PNG\r\n\x1a\n') && at(12, 'IHDR') && bytes.length >= 57 && number(18) > 0 && number(22) > 0)
    return {mediaType: 'image/png', extension: '.png'}
  if ((at(0, 'GIF87a') || at(0, 'GIF89a')) && bytes.length >= 26) return {mediaType: 'image/gif', extension: '.gif'}
  if (at(0, 'RIFF') && at(8, 'WEBP')) return {mediaType: 'image/webp', extension: '.webp'}
  return at(0, '\xff\xd8\xff') && hasJpegFrame(bytes, number) ? {mediaType: 'image/jpeg', extension: '.jpg'} : undefined
}

/** Whether the segments lead to a frame, where the size stands. */
function hasJpegFrame(bytes: Uint8Array, number: (offset: number) => number): boolean {
  for (let at = 2; at + 9 < bytes.length; at += 2 + number(at + 2)) {
    const mark = bytes[at + 1] as number
    if (bytes[at] !== 0xff) return false
    if (mark >= 0xc0 && mark <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(mark))
      return number(at + 5) > 0 && number(at + 7) > 0
  }
  return false
}
