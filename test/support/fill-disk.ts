import {closeSync, openSync, rmSync, statSync, truncateSync, writeFileSync, writeSync} from 'node:fs'
import {join} from 'node:path'

const pageBytes = 4096

/** Fills a file system until `freePages` pages are left in it; gives what makes room again. */
export function fillDisk(folder: string, freePages: number): () => void {
  const path = join(folder, 'filler')
  const file = openSync(path, 'w')
  try {
    for (;;) writeSync(file, Buffer.alloc(pageBytes))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(file)
  }
  truncateSync(path, Math.max(0, statSync(path).size - freePages * pageBytes))
  return () => rmSync(path)
}

/** Makes files until a file system has no more of them but `free`; gives what makes room again. */
export function useUpFiles(folder: string, free: number): () => void {
  const paths: string[] = []
  try {
    for (let number = 0; ; number++) {
      const path = join(folder, `filler-${number}`)
      writeFileSync(path, '')
      paths.push(path)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
  for (const path of paths.splice(-free, free)) rmSync(path)
  return () => {
    for (const path of paths) rmSync(path)
  }
}
