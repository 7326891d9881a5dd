import {execFile, spawn} from 'node:child_process'
import {realpathSync} from 'node:fs'
import {relative, resolve} from 'node:path'

/** A git repository as other revisions are read from it. Nothing in it is changed, and no remote is asked. */
export class GitRepository {
  private constructor(
    /** Its top folder, without symbolic links. */
    readonly root: string,
  ) {}

  /** The repository that a folder lies in; undefined where there is none, or no git. */
  static async open(folder: string): Promise<GitRepository | undefined> {
    const found = await run(folder, ['rev-parse', '--show-toplevel'])
    return found.status === 0 ? new GitRepository(realpathSync(found.stdout.replace(/\r?\n$/, ''))) : undefined
  }

  /** The commit that a revision names; undefined where it names none. */
  async commitOf(revision: string): Promise<string | undefined> {
    const {status, stdout} = await run(this.root, [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${revision}^{commit}`,
    ])
    return status === 0 ? stdout.trim() : undefined
  }

  /** The commit at which two commits parted, the best one of several; undefined where they share none. */
  async mergeBase(one: string, other: string): Promise<string | undefined> {
    const {status, stdout} = await run(this.root, ['merge-base', one, other])
    return status === 0 ? stdout.trim() : undefined
  }

  /** Names of all branches and tags, the local ones first. */
  async names(): Promise<string[]> {
    const {stdout} = await run(this.root, [
      'for-each-ref',
      '--format=%(refname:short)',
      'refs/heads',
      'refs/tags',
      'refs/remotes',
    ])
    return stdout.split('\n').filter((name) => name !== '')
  }

  /** A path as git has it, from the top folder; undefined for one outside. */
  pathOf(path: string): string | undefined {
    const below = relative(this.root, realpathOf(path)).replaceAll('\\', '/')
    return below.startsWith('../') || below === '..' ? undefined : below
  }

  /** Paths of the files below a folder at a commit, from the top folder; the folder need not exist now. */
  async filesAt(commit: string, folder: string): Promise<string[]> {
    const below = this.pathOf(folder)
    if (below === undefined) return []
    const where = below === '' ? [] : [`${below}/`]
    const {stdout} = await run(this.root, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit, '--', ...where])
    return stdout.split('\0').filter((path) => path !== '')
  }

  /** Contents of files at a commit by their paths from the top folder; those that are not there are left out. */
  async read(commit: string, paths: readonly string[]): Promise<Map<string, string>> {
    const contents = await this.blobs(paths.map((path) => `${commit}:${path}`))
    return new Map(paths.flatMap((path, at): [string, string][] => mapped(path, contents[at])))
  }

  /** What a file held in each commit that changed it, the newest first, also under names that it had before. */
  async versions(path: string, most = 200): Promise<string[]> {
    const below = this.pathOf(path)
    if (below === undefined) return []
    const log = await run(this.root, [
      'log',
      '--follow',
      '--format=%x01%H',
      '--name-only',
      '-z',
      `--max-count=${most}`,
      '--',
      below,
    ])
    const objects = log.stdout.split('\u0001').flatMap((entry) => {
      const [commit = '', ...names] = entry.split(/[\0\n]+/).filter((part) => part !== '')
      return names.map((name) => `${commit}:${name}`)
    })
    return (await this.blobs(objects)).filter((text) => text !== undefined)
  }

  /** Lines of the work tree that were put in or changed since a commit, by path from the top folder, as pairs of first and last. */
  async changedLines(commit: string): Promise<Map<string, (readonly [first: number, last: number])[]>> {
    const {stdout} = await run(this.root, [
      'diff',
      '--unified=0',
      '--no-color',
      '--no-ext-diff',
      '--no-prefix',
      '--find-renames',
      commit,
    ])
    return readChangedLines(stdout)
  }

  /** Texts of objects such as `COMMIT:PATH`, in one process; undefined for what is no file. */
  private async blobs(objects: readonly string[]): Promise<(string | undefined)[]> {
    // A name with a line end in it cannot be asked for.
    const asked = objects.map((object) => (object.includes('\n') ? '' : object))
    if (asked.length === 0) return []
    const output = await feed(this.root, ['cat-file', '--batch'], asked.map((object) => `${object}\n`).join(''))
    const texts: (string | undefined)[] = []
    for (let at = 0; at < output.length; ) {
      const end = output.indexOf(10, at)
      const header = output.toString('utf8', at, end)
      const size = /^[0-9a-f]+ blob (\d+)$/.exec(header)?.[1]
      const other = /^[0-9a-f]+ (?:tree|commit|tag) (\d+)$/.exec(header)?.[1]
      at = end + 1
      if (size !== undefined) texts.push(output.toString('utf8', at, at + Number(size)))
      else texts.push(undefined)
      if (size !== undefined || other !== undefined) at += Number(size ?? other) + 1
    }
    return texts
  }
}

/** Reads a diff without context: what was put in, by path. */
function readChangedLines(diff: string): Map<string, (readonly [first: number, last: number])[]> {
  const changed = new Map<string, (readonly [number, number])[]>()
  let own: (readonly [number, number])[] = []
  // Lines of a hunk's own, which may look like a head.
  let inside = 0
  for (const line of diff.split('\n')) {
    if (inside > 0 && /^[-+]/.test(line)) {
      inside--
      continue
    }
    // A path with a space in it ends in a tab.
    const path = /^\+\+\+ (.*?)\t?$/.exec(line)?.[1]
    if (path !== undefined) {
      own = []
      changed.set(path, own)
    }
    const [, removed = '1', first, added = '1'] = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line) ?? []
    if (first === undefined) continue
    inside = Number(removed) + Number(added)
    if (added !== '0') own.push([Number(first), Number(first) + Number(added) - 1])
  }
  return changed
}

/** Git's `user.name` as it is set for a folder; undefined where it is not, or where there is no git. */
export async function gitUserName(folder: string): Promise<string | undefined> {
  const {status, stdout} = await run(folder, ['config', '--get', 'user.name'])
  const name = stdout.trim()
  return status === 0 && name !== '' ? name : undefined
}

function mapped(path: string, text: string | undefined): [string, string][] {
  return text === undefined ? [] : [[path, text]]
}

function realpathOf(path: string): string {
  const full = resolve(path)
  try {
    return realpathSync(full)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const above = resolve(full, '..')
    return above === full ? full : resolve(realpathOf(above), relative(above, full))
  }
}

/** Longest output of git that is read. */
const longestOutput = 256 * 1024 * 1024

/** Git without paging, prompts, hooks' colours and the locale's words. */
const environment = {LC_ALL: 'C', GIT_PAGER: '', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0'}

function run(cwd: string, args: readonly string[]): Promise<{status: number; stdout: string}> {
  return new Promise((done, fail) => {
    execFile(
      'git',
      ['-c', 'core.quotepath=off', '-c', 'log.showSignature=false', ...args],
      {cwd, maxBuffer: longestOutput, env: {...process.env, ...environment}},
      (error, stdout) => {
        if (error === null) done({status: 0, stdout})
        else if (typeof error.code === 'number') done({status: error.code, stdout})
        else if ((error as NodeJS.ErrnoException).code === 'ENOENT') done({status: 127, stdout: ''})
        else fail(error)
      },
    )
  })
}

function feed(cwd: string, args: readonly string[], input: string): Promise<Buffer> {
  return new Promise((done, fail) => {
    const child = spawn('git', args, {cwd, stdio: ['pipe', 'pipe', 'ignore'], env: {...process.env, ...environment}})
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', fail)
    child.once('close', () => done(Buffer.concat(chunks)))
    // Git may end before it has read all: that is not worth a fault of its own.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
