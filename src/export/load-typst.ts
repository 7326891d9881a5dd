import {createRequire} from 'node:module'

/** What of the typesetter's machine code is used; it comes without a JavaScript of its own. */
export interface TypstCompiler {
  addSource(path: string, source: string): void
  mapShadow(path: string, content: Buffer): void
  compile(options: {readonly mainFilePath: string}): {
    readonly result: object | null
    hasError(): boolean
    takeDiagnostics(): object | null
    takeWarnings(): object | null
  }
  fetchDiagnostics(error: object): readonly {readonly message: string}[]
  pdf(document: object, options: {readonly pdfStandard?: 'ua-1'}): Buffer
}

interface CompilerMaker {
  create(options: {
    readonly workspace: string
    readonly fontArgs: readonly {readonly fontBlobs: readonly Buffer[]}[]
  }): TypstCompiler
}

/** Packages of machine code, of which npm installs those that fit. */
const packages = ['linux-x64-gnu', 'linux-x64-musl'].map((name) => `@myriaddreamin/typst-ts-node-compiler-${name}`)

/** Loads the typesetter. Fails where there is none for this machine. */
export function loadTypst(): CompilerMaker {
  const require = createRequire(import.meta.url)
  for (const name of packages) {
    try {
      return (require(name) as {NodeCompiler: CompilerMaker}).NodeCompiler
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException
      if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_DLOPEN_FAILED') throw error
    }
  }
  const {platform, arch} = process
  throw new Error(
    `Cannot find a typesetter for ${platform} on ${arch}, expected Linux on x64 and an installation with the optional packages`,
  )
}
