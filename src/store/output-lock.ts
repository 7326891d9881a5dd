import {readFileSync} from 'node:fs'
import {link, mkdir, open, readFile, rename, rm} from 'node:fs/promises'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {z} from 'zod'

/** Who holds a lock. `started` and `boot` tell a process from a later one with the same number. */
export interface LockHolder {
  readonly pid: number
  readonly host: string
  readonly started: string
  readonly boot: string
  readonly since: string
  readonly command: string
}

/** Form of a holder in a file. */
export const holderSchema = z.object({
  pid: z.number(),
  host: z.string(),
  started: z.string(),
  boot: z.string(),
  since: z.string(),
  command: z.string(),
})

/** Raised when another running command holds the lock. */
export class LockedError extends Error {
  readonly holder: LockHolder

  constructor(path: string, holder: LockHolder) {
    super(
      `Cannot take the lock \`${path}\`: \`${holder.command}\` (process ${holder.pid} on ${holder.host}, since ${holder.since}) holds it; wait for it to end, or use --wait${holder.host === hostname() ? '' : `, or remove the file if ${holder.host} is gone`}`,
    )
    this.name = 'LockedError'
    this.holder = holder
  }
}

/** The lock of an output folder, a file `.lock` that names its holder; one whose holder is gone counts as free. */
export class OutputLock {
  private readonly path: string
  private readonly own: LockHolder

  private constructor(folder: string, command: string, nowMs: number) {
    this.path = join(folder, '.lock')
    this.own = ownHolder(command, nowMs)
  }

  /** Takes the lock. Another holder throws `LockedError`, or is waited for when `waitMs` gives the pause between tries. */
  static async take(
    folder: string,
    command: string,
    options: {readonly nowMs: number; readonly waitMs?: number; readonly signal?: AbortSignal},
  ): Promise<OutputLock> {
    await mkdir(folder, {recursive: true})
    const lock = new OutputLock(folder, command, options.nowMs)
    for (;;) {
      const holder = await lock.tryTake()
      if (holder === undefined) return lock
      if (options.waitMs === undefined || options.signal?.aborted === true) throw new LockedError(lock.path, holder)
      await new Promise((resolve) => setTimeout(resolve, options.waitMs))
    }
  }

  async release(): Promise<void> {
    const holder = await this.read()
    if (holder !== undefined && isSame(holder, this.own)) await rm(this.path, {force: true})
  }

  /** Undefined when the lock is now ours, else its holder. */
  private async tryTake(): Promise<LockHolder | undefined> {
    // The file appears whole: it is written under a name of its own and linked to the lock's name.
    const draft = `${this.path}.${process.pid}.${Math.random().toString(36).slice(2)}`
    try {
      const file = await open(draft, 'wx', 0o666)
      await file.writeFile(`${JSON.stringify(this.own)}\n`).finally(() => file.close())
      for (let attempt = 0; attempt < 20; attempt++) {
        if (await tryLink(draft, this.path)) return undefined
        const holder = await this.read()
        if (holder === undefined) continue
        if (isAlive(holder)) return holder
        await this.putAside(holder)
      }
      throw new Error(`Cannot take the lock \`${this.path}\`, expected it to be free or to name its holder`)
    } finally {
      await rm(draft, {force: true})
    }
  }

  /** Takes a dead holder's file away; if another process was faster and holds the lock by now, its file goes back. */
  private async putAside(dead: LockHolder): Promise<void> {
    const aside = `${this.path}.${process.pid}.stale`
    try {
      await rename(this.path, aside)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
      throw error
    }
    const moved = parseHolder(await readFile(aside, 'utf8'))
    if (moved !== undefined && !isSame(moved, dead)) await tryLink(aside, this.path)
    await rm(aside, {force: true})
  }

  private async read(): Promise<LockHolder | undefined> {
    try {
      const text = await readFile(this.path, 'utf8')
      // A file that names nobody is left over from something else: a holder that cannot be alive.
      return parseHolder(text) ?? {pid: -1, host: hostname(), started: '', boot: bootId(), since: '', command: ''}
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EXDEV') throw error
  }
  // A file system without hard links: an exclusive file, which may be seen half written for a moment.
  try {
    const file = await open(to, 'wx')
    await file.writeFile(await readFile(from))
    await file.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function isSame(a: LockHolder, b: LockHolder): boolean {
  return a.pid === b.pid && a.host === b.host && a.started === b.started && a.boot === b.boot && a.since === b.since
}

/** This process as a holder. */
export function ownHolder(command: string, nowMs: number): LockHolder {
  return {
    pid: process.pid,
    host: hostname(),
    started: processStart(process.pid) ?? '',
    boot: bootId(),
    since: new Date(nowMs).toISOString(),
    command,
  }
}

/** Whether a holder's process still runs, as far as can be told; one on another host counts as running. */
export function isAlive(holder: LockHolder): boolean {
  if (holder.host !== hostname()) return true
  if (holder.boot !== bootId() || holder.pid < 1) return false
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const started = processStart(holder.pid)
  return started === undefined || holder.started === '' || started === holder.started
}

/** When a process started, in clock ticks since boot; undefined where the system does not say or it is a zombie. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? 'zombie' : fields[19]
  } catch {
    // No /proc on this system, or the process is gone.
    return undefined
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    // Systems without it: the process number alone tells.
    return ''
  }
}
