import {imageType} from './image-type.ts'

/** Width and height of a png, jpg or gif in pixels, from its bytes; undefined for any other. */
export function imageSize(bytes: Uint8Array): {readonly width: number; readonly height: number} | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = sizeIn(view, imageType(bytes)?.mediaType)
  return size === undefined || size.width === 0 || size.height === 0 ? undefined : size
}

function sizeIn(view: DataView, type: string | undefined): {width: number; height: number} | undefined {
  if (type === 'image/png') return {width: view.getUint32(16), height: view.getUint32(20)}
  if (type === 'image/gif') return {width: view.getUint16(6, true), height: view.getUint16(8, true)}
  if (type !== 'image/jpeg') return undefined
  for (let at = 2; at + 9 < view.byteLength; at += 2 + view.getUint16(at + 2)) {
    const mark = view.getUint8(at + 1)
    if (mark >= 0xc0 && mark <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(mark))
      return {width: view.getUint16(at + 7), height: view.getUint16(at + 5)}
  }
  return undefined
}
