import {createHash, randomBytes} from 'node:crypto'
import {mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {cachedDataVersionTag} from 'node:v8'
import {Script} from 'node:vm'

/** Bytes of the digest that a file begins with. */
const digestBytes = 32

/**
 * Name of what runs the program, one of its kind: Node's version, these flags of V8, this very executable. V8's own tag
 * is the same for versions of Node that patch V8, and it crashes on what another of them compiled (20.19.6 and 20.20.2).
 */
export function runtimeName(): string {
  const {size, mtimeMs} = statSync(process.execPath)
  const {version, arch, versions} = process
  const rest = createHash('sha256').update(`${versions.v8} ${cachedDataVersionTag()} ${size} ${mtimeMs}`).digest('hex')
  return `${version}-${arch}-${rest.slice(0, 12)}`
}

interface Loaded {
  readonly name: string
  readonly script: Script
  /** Whether what was compiled of it before could not be used. */
  readonly isNew: boolean
}

type ChunkFunction = (
  exports: unknown,
  require: (name: string) => unknown,
  module: {exports: unknown},
  filename: string,
  folder: string,
) => void

/**
 * Loads the CommonJS chunks of a bundle, each a function of `exports`, `require` and so on, with the code that V8 compiled
 * of it in an earlier run: compiling takes a quarter of the time until the first request leaves. That code is kept in the
 * bundle's own folder, for this executable and these flags of V8 alone, and is only ever a shortcut: what is missing,
 * damaged or of another bundle is compiled anew, and where the folder may not be written nothing is kept. What turns off
 * Node's own cache of compiled code, `NODE_DISABLE_COMPILE_CACHE`, turns this one off too.
 */
export class CodeCache {
  private readonly modules = new Map<string, {exports: unknown}>()
  private readonly loaded: Loaded[] = []
  private readonly cacheFolder: string
  private readonly isOff = (process.env.NODE_DISABLE_COMPILE_CACHE ?? '') !== ''
  private readonly requireOutside: (name: string) => unknown

  /** `address` is that of all bytes of the bundle in `folder`. */
  constructor(
    private readonly folder: string,
    private readonly address: string,
    private readonly runtime = runtimeName(),
  ) {
    this.cacheFolder = join(folder, 'cache', runtime)
    this.requireOutside = createRequire(join(folder, 'start.js'))
  }

  /** What a chunk exports, by its file name. */
  load(name: string): unknown {
    const known = this.modules.get(name)
    if (known !== undefined) return known.exports
    const module = {exports: {}}
    this.modules.set(name, module)
    const path = join(this.folder, name)
    const cachedData = this.read(name)
    const script = new Script(readFileSync(path, 'utf8'), {
      filename: path,
      ...(cachedData === undefined ? {} : {cachedData}),
    })
    this.loaded.push({name, script, isNew: cachedData === undefined || script.cachedDataRejected === true})
    const run = script.runInThisContext() as ChunkFunction
    run(module.exports, (other) => this.require(other), module, path, this.folder)
    return module.exports
  }

  /** Names of the chunks that had to be compiled, in the order of loading. */
  get compiled(): readonly string[] {
    return this.loaded.filter(({isNew}) => isNew).map(({name}) => name)
  }

  /** Keeps what was compiled of the chunks that were loaded without; to be called when the program ends. */
  save(): void {
    const fresh = this.loaded.filter(({isNew}) => isNew)
    if (fresh.length === 0 || this.isOff) return
    try {
      mkdirSync(this.cacheFolder, {recursive: true})
      for (const {name, script} of fresh) this.write(name, script.createCachedData())
    } catch (error) {
      // A folder of somebody else, a full disk: the next run compiles again.
      if (!(error instanceof Error && 'syscall' in error)) throw error
    }
  }

  private require(name: string): unknown {
    return name.startsWith('./') ? this.load(name.slice(2)) : this.requireOutside(name)
  }

  /** What was compiled of a chunk; V8 itself would not notice damage, and crash on it. */
  private read(name: string): Buffer | undefined {
    if (this.isOff) return undefined
    let bytes: Buffer
    try {
      bytes = readFileSync(this.pathOf(name))
    } catch (error) {
      if (error instanceof Error && 'syscall' in error) return undefined
      throw error
    }
    const data = bytes.subarray(digestBytes)
    return bytes.subarray(0, digestBytes).equals(this.digest(data)) ? data : undefined
  }

  private write(name: string, data: Buffer): void {
    const path = this.pathOf(name)
    const temporary = `${path}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`
    try {
      writeFileSync(temporary, Buffer.concat([this.digest(data), data]), {flag: 'wx'})
      renameSync(temporary, path)
    } catch (error) {
      rmSync(temporary, {force: true})
      throw error
    }
  }

  private digest(data: Buffer): Buffer {
    return createHash('sha256').update(`${this.address} ${this.runtime}\n`).update(data).digest()
  }

  private pathOf(name: string): string {
    return join(this.cacheFolder, `${name}.bin`)
  }
}

/** Loads a chunk of the bundle in this folder, and keeps what was compiled when the process ends. */
export function loadCached(folder: string, name: string): unknown {
  const cache = new CodeCache(folder, readFileSync(join(folder, 'address.txt'), 'utf8').trim())
  process.once('exit', () => cache.save())
  return cache.load(name)
}
