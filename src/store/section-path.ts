import {createHash} from 'node:crypto'
import type {JobId} from '../model/job.ts'

const maxPartBytes = 80
const reservedNames = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i

/** Path of a directive's section file below `sections/`: its id in NFC, `#2` as `.2`, each part short and allowed everywhere. */
export function sectionPath(id: JobId): string {
  const [section = '', number] = id.normalize('NFC').split('#')
  const parts = section.split('/').map(fileNamePart)
  return `${parts.join('/')}${number === undefined ? '' : `.${number}`}.md`
}

function fileNamePart(part: string): string {
  let name = part
  if (Buffer.byteLength(name, 'utf8') > maxPartBytes) {
    const hash = createHash('sha256').update(name, 'utf8').digest('hex').slice(0, 8)
    name = `${cutToBytes(name, maxPartBytes - 9)}-${hash}`
  }
  if (reservedNames.test(name)) name = `${name}_`
  // Folders named `.` or `..` and names that end in a dot or space mean something else to a file system.
  return name
    .replace(/^\.+$/, (dots) => '_'.repeat(dots.length))
    .replace(/[. ]$/, '_')
    .replace(/[<>:"|?*\\]/g, '_')
}

function cutToBytes(text: string, most: number): string {
  let cut = ''
  let size = 0
  for (const character of text) {
    size += Buffer.byteLength(character, 'utf8')
    if (size > most) break
    cut += character
  }
  return cut
}
