// Bundles the compiled program into a few files below dist/bundle: hundreds of small modules take longer to load than the
// whole of a small build. What is imported on demand stays a file of its own. `start.js` with what a build needs that has
// nothing to do are modules; the rest of the program, from `main.js` on, are CommonJS chunks (.cjs), which alone can be
// loaded with code that was compiled before (src/cli/code-cache.ts). The licences of the packages in it go into
// dist/bundle/LICENSES.txt, an address of all its bytes into address.txt. At the end the program is run once, so that its
// cache of compiled code is there for the first build.
import {createHash} from 'node:crypto'
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join, sep} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'vite'
import {fillCodeCache} from './fill-code-cache.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const outDir = join(root, 'dist', 'bundle')

// Its tables of several megabytes are loaded where they lie.
const external = [/^gpt-tokenizer/]

const clientGlobals = join(root, 'dist', 'providers', 'plain-headers.js')

const packages = new Set()

function noteModules(chunk) {
  for (const path of Object.keys(chunk.modules)) {
    const match = /^(.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+)[/\\]/.exec(path.replace('\0', ''))
    if (match !== null) packages.add(match[1])
  }
}

function licenceOf(folder) {
  const {name, version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`
  return `${name} ${version} (${license})${text}`
}

/** Bundles what these compiled modules import, as ES modules (.js) or as CommonJS (.cjs). */
async function bundle(inputs, format, plugins = []) {
  const names = format === 'es' ? '[name].js' : '[name].cjs'
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins,
    ssr: {noExternal: true, external: []},
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      sourcemap: false,
      rolldownOptions: {
        input: inputs.map((input) => join(root, 'dist', input)),
        external,
        platform: 'node',
        // Node loads the whole of its `fetch` for these two, of which the `openai` client needs next to nothing.
        transform: {inject: {Headers: [clientGlobals, 'PlainHeaders'], FormData: [clientGlobals, 'FormData']}},
        // A chunk that is called as a function cannot import: what stays outside is required too.
        output: {format, entryFileNames: names, chunkFileNames: names, comments: false, dynamicImportInCjs: false},
      },
    },
  })
  for (const output of (Array.isArray(result) ? result : [result]).flatMap((one) => one.output)) {
    if (output.type !== 'chunk') continue
    noteModules(output)
    if (format === 'cjs') wrapChunk(join(outDir, output.fileName))
  }
}

/** Makes a chunk the function that it is called as: putting that around its text when it is loaded takes memory twice. */
function wrapChunk(path) {
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, `(function (exports, require, module, __filename, __dirname) {${text}\n})\n`)
}

rmSync(outDir, {recursive: true, force: true})
await bundle(['cli/main.js'], 'cjs')
// The thread that writes files and the process that typesets have entrances of their own.
const mainStaysOut = {
  name: 'main-stays-out',
  enforce: 'pre',
  resolveId: (source) => (source === './main.js' ? {id: './main.js', external: true} : null),
}
await bundle(['cli/start.js', 'cli/code-cache.js', 'store/file-worker.js', 'cli/pdf-process.js'], 'es', [mainStaysOut])
writeFileSync(
  join(outDir, 'main.js'),
  `import {loadCached} from './code-cache.js'\n\nexport const {main} = loadCached(import.meta.dirname, 'main.cjs')\n`,
)
if (!existsSync(join(outDir, 'start.js'))) throw new Error(`Cannot bundle the program, expected ${join(outDir, 'start.js')}`)
const licences = [...packages].sort((a, b) => (a.split(sep).at(-1) < b.split(sep).at(-1) ? -1 : 1)).map(licenceOf)
writeFileSync(join(outDir, 'LICENSES.txt'), `${licences.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`)

// By this a build knows whether the program that left its stamp is the same.
const hash = createHash('sha256')
for (const name of readdirSync(outDir).sort()) hash.update(`${name}\n`).update(readFileSync(join(outDir, name)))
writeFileSync(join(outDir, 'address.txt'), `${hash.digest('hex')}\n`)
await fillCodeCache(root)
