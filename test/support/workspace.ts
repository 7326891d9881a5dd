import {createHash} from 'node:crypto'
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'

/** A temporary folder of a test. */
export class Workspace {
  readonly root = mkdtempSync(join(tmpdir(), 'msk-course-test-'))

  write(path: string, content: string | Uint8Array): string {
    const full = join(this.root, path)
    mkdirSync(dirname(full), {recursive: true})
    writeFileSync(full, content)
    return full
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8')
  }

  /** Every file below a folder with the SHA-256 of its content and its time of change. */
  snapshot(path = '.'): Map<string, string> {
    const files = new Map<string, string>()
    const base = join(this.root, path)
    for (const entry of readdirSync(base, {recursive: true, withFileTypes: true})) {
      if (!entry.isFile()) continue
      const full = join(entry.parentPath, entry.name)
      const hash = createHash('sha256').update(readFileSync(full)).digest('hex')
      files.set(full.slice(base.length + 1), `${hash} ${statSync(full).mtimeMs}`)
    }
    return files
  }

  remove(): void {
    rmSync(this.root, {recursive: true, force: true})
  }
}
