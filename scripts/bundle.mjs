// Bundles the compiled program, dist/cli/start.js with all that it imports, into a few files below dist/bundle: hundreds of
// small modules take longer to load than the whole of a small build. What is imported on demand stays a file of its own.
// The licences of the packages in it go into dist/bundle/LICENSES.txt, an address of all its bytes into address.txt.
import {createHash} from 'node:crypto'
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join, sep} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const outDir = join(root, 'dist', 'bundle')

// Its tables of several megabytes are loaded where they lie.
const external = [/^gpt-tokenizer/]

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

rmSync(outDir, {recursive: true, force: true})
const result = await build({
  root,
  configFile: false,
  logLevel: 'warn',
  ssr: {noExternal: true, external: []},
  build: {
    ssr: true,
    outDir,
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    sourcemap: false,
    rolldownOptions: {
      // The thread that writes files and the process that typesets have entrances of their own.
      input: [join(root, 'dist', 'cli', 'start.js'), join(root, 'dist', 'store', 'file-worker.js'), join(root, 'dist', 'cli', 'pdf-process.js')],
      external,
      platform: 'node',
      output: {format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js'},
    },
  },
})
for (const output of (Array.isArray(result) ? result : [result]).flatMap((one) => one.output)) {
  if (output.type === 'chunk') noteModules(output)
}
if (!existsSync(join(outDir, 'start.js'))) throw new Error(`Cannot bundle the program, expected ${join(outDir, 'start.js')}`)
const licences = [...packages].sort((a, b) => (a.split(sep).at(-1) < b.split(sep).at(-1) ? -1 : 1)).map(licenceOf)
writeFileSync(join(outDir, 'LICENSES.txt'), `${licences.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`)

// By this a build knows whether the program that left its stamp is the same.
const hash = createHash('sha256')
for (const name of readdirSync(outDir).sort()) hash.update(`${name}\n`).update(readFileSync(join(outDir, name)))
writeFileSync(join(outDir, 'address.txt'), `${hash.digest('hex')}\n`)
