import {readFileSync} from 'node:fs'
import {link, mkdir, open, readFile} from 'node:fs/promises'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {z} from 'zod'
import {readRegular} from './read-regular.ts'
import {removeFile} from './remove-file.ts'

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

/** Tries to take a lock whose holder is gone, and the pause while another process takes it away. */
const mostAttempts = 100
const guardPauseMs = 20

/** Raised when another running command holds the lock, or when what stands in its place cannot be read. */
export class LockedError extends Error {
  constructor(path: string, holder: LockHolder | Unreadable, offersWait: boolean) {
    super(`Cannot take the lock \`${path}\`: ${'because' in holder ? holder.because : heldBy(holder, offersWait)}`)
    this.name = 'LockedError'
  }
}

/** Something stands where the lock belongs that does not say who holds it. */
interface Unreadable {
  readonly because: string
}

function heldBy({command, pid, host, since}: LockHolder, offersWait: boolean): string {
  const next = `wait for it to end${offersWait ? ', or use --wait' : ''}`
  // Whether a process of another machine lives cannot be seen from here, so such a lock is never taken over.
  const elsewhere =
    host === hostname()
      ? ''
      : `; it cannot be seen from this machine whether that process still runs: if it does not, remove the file`
  return `\`${command}\` (process ${pid} on ${host}, since ${since}) holds it; ${next}${elsewhere}`
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
    options: {
      readonly nowMs: number
      readonly waitMs?: number
      readonly signal?: AbortSignal
      /** Whether the command has a flag `--wait` to name; default true. */
      readonly offersWait?: boolean
    },
  ): Promise<OutputLock> {
    await mkdir(folder, {recursive: true})
    const lock = new OutputLock(folder, command, options.nowMs)
    for (;;) {
      const holder = await lock.tryTake()
      if (holder === undefined) return lock
      if (options.waitMs === undefined || options.signal?.aborted === true || 'because' in holder)
        throw new LockedError(lock.path, holder, options.offersWait ?? true)
      await new Promise((resolve) => setTimeout(resolve, options.waitMs))
    }
  }

  /** Throws `LockedError` when a running command holds the lock of a folder; takes nothing and writes nothing. */
  static async refuseHeld(folder: string): Promise<void> {
    const lock = new OutputLock(folder, '', 0)
    const holder = await lock.read()
    if (holder === undefined) return
    if ('because' in holder || isAlive(holder)) throw new LockedError(lock.path, holder, false)
  }

  async release(): Promise<void> {
    const bytes = readRegular(this.path)
    if (Buffer.isBuffer(bytes) && bytes.toString('utf8') === this.content) removeFile(this.path)
  }

  private get content(): string {
    return `${JSON.stringify(this.own)}\n`
  }

  /** Undefined when the lock is now ours, else its holder. */
  private async tryTake(): Promise<LockHolder | Unreadable | undefined> {
    // The file appears whole: it is written under a name of its own and linked to the lock's name.
    const draft = `${this.path}.${process.pid}.${Math.random().toString(36).slice(2)}`
    try {
      const file = await open(draft, 'wx', 0o666)
      await file.writeFile(this.content).finally(() => file.close())
      for (let attempt = 0; attempt < mostAttempts; attempt++) {
        if (await tryLink(draft, this.path)) return undefined
        const holder = await this.read()
        if (holder === undefined) continue
        if ('because' in holder || isAlive(holder)) return holder
        await this.removeDead(holder, draft)
      }
      throw new Error(`Cannot take the lock \`${this.path}\`, expected it to be free or to name its holder`)
    } finally {
      removeFile(draft)
    }
  }

  /**
   * Takes a dead holder's file away. One process at a time may, and looks again before it does: a file that was only read
   * a moment ago may be a living holder's by now, and for the time that it is away a third could take the lock.
   */
  private async removeDead(dead: LockHolder, draft: string): Promise<void> {
    const guard = `${this.path}.takeover`
    if (!(await tryLink(draft, guard))) {
      await removeLeftGuard(guard)
      await new Promise((resolve) => setTimeout(resolve, guardPauseMs))
      return
    }
    try {
      const holder = await this.read()
      if (holder !== undefined && !('because' in holder) && isSame(holder, dead)) removeFile(this.path)
    } finally {
      removeFile(guard)
    }
  }

  private async read(): Promise<LockHolder | Unreadable | undefined> {
    try {
      const bytes = readRegular(this.path)
      if (bytes === 'absent') return undefined
      if (bytes === 'other') {
        return {because: 'what stands there is no file, expected one that names its holder, or nothing; remove it'}
      }
      // A file that names nobody is left over from something else: a holder that cannot be alive.
      return (
        parseHolder(bytes.toString('utf8')) ?? {
          pid: -1,
          host: hostname(),
          started: '',
          boot: bootId(),
          since: '',
          command: '',
        }
      )
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException
      if (code !== 'EACCES' && code !== 'EPERM') throw error
      return {because: `the file that names its holder cannot be read (${code}); when no command runs, remove it`}
    }
  }
}

/** Removes the guard of a process that ended while it held it, which takes some milliseconds only. */
async function removeLeftGuard(guard: string): Promise<void> {
  const bytes = readRegular(guard)
  if (bytes === 'absent' || bytes === 'other') return
  const holder = parseHolder(bytes.toString('utf8'))
  // Without hard links it may be seen before it is written.
  if (holder !== undefined && !isAlive(holder)) removeFile(guard)
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
