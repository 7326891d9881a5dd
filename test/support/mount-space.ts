import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {unshareMounts} from './linux-tool.ts'

/** A small file system in memory that only commands run through `enter` see under its name. */
export class MountSpace {
  private constructor(
    private readonly keeper: ChildProcess,
    /** The folder as the commands inside see it. */
    readonly inside: string,
  ) {}

  /** Mounts one with options such as `size=256k,nr_inodes=40`. */
  static async open(options: string): Promise<MountSpace> {
    const folder = mkdtempSync(join(tmpdir(), 'msk-course-mount-'))
    const [command = '', ...words] = unshareMounts
    // It ends with its input, so that nothing is left when the tests themselves are ended.
    const script = 'mount -t tmpfs -o "$1" tmpfs "$0" && echo ready && exec cat'
    const keeper = spawn(command, [...words, 'sh', '-c', script, folder, options], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await Promise.race([
      once(keeper.stdout as NodeJS.ReadableStream, 'data'),
      once(keeper, 'exit').then(() => Promise.reject(new Error(`Cannot mount a file system with \`${options}\``))),
    ])
    return new MountSpace(keeper, folder)
  }

  /** The folder as this process sees it. */
  get root(): string {
    return `/proc/${this.keeper.pid}/root${this.inside}`
  }

  /** Words that begin a command which sees the file system. */
  get enter(): string[] {
    const user = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials']
    return ['nsenter', '--target', String(this.keeper.pid), '--mount', ...user, '--']
  }

  /** Mounts it anew, such as with `ro`. */
  remount(options: string): void {
    const [command = '', ...words] = this.enter
    execFileSync(command, [...words, 'mount', '-o', `remount,${options}`, this.inside])
  }

  async close(): Promise<void> {
    if (this.keeper.exitCode === null && this.keeper.signalCode === null) {
      const gone = once(this.keeper, 'exit')
      this.keeper.kill('SIGKILL')
      await gone
    }
    rmSync(this.inside, {recursive: true, force: true})
  }
}
