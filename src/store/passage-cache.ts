import {join} from 'node:path'
import {z} from 'zod'
import {type ContentAddress, isContentAddress} from '../model/content-address.ts'
import {readIfThere} from './completion-store.ts'
import {writeWhole} from './write-whole.ts'

const address = z.custom<ContentAddress>(isContentAddress)
const fileSchema = z.object({version: z.literal(1), sources: address, passages: z.record(address, address)})

function pathOf(root: string): string {
  return join(root, '.msk-course', 'passages.json')
}

/**
 * Addresses of the passages that searches found in the sources of this address, by the address of each search; none
 * where the sources were others, or where the file cannot be read.
 */
export async function readFoundPassages(
  root: string,
  sources: ContentAddress,
): Promise<Map<ContentAddress, ContentAddress>> {
  const text = await readIfThere(pathOf(root))
  if (text === undefined) return new Map()
  try {
    const known = fileSchema.safeParse(JSON.parse(text)).data
    const rows = known?.sources === sources ? Object.entries(known.passages) : []
    return new Map(rows as [ContentAddress, ContentAddress][])
  } catch (error) {
    // A file that somebody spoiled costs a few searches more.
    if (error instanceof SyntaxError) return new Map()
    throw error
  }
}

/** Writes what searches found. The folder `.msk-course` must be there. */
export async function writeFoundPassages(
  root: string,
  sources: ContentAddress,
  passages: ReadonlyMap<ContentAddress, ContentAddress>,
): Promise<void> {
  const sorted = [...passages].sort(([one], [other]) => (one < other ? -1 : 1))
  await writeWhole(pathOf(root), `${JSON.stringify({version: 1, sources, passages: Object.fromEntries(sorted)})}\n`)
}
